// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "driver/registry.h"

namespace lightseed {

/// `file:PATH` replays a capture. The side-car PATH.json that `lightseed capture` wrote says what the samples are;
/// its digest is checked before the first sample. Without a side-car the caller says so itself:
/// `file:raw.bin?bits=8&container=8&entropy=6.3`.
///
/// Provenance is `recorded`, or `simulated` where the side-car says so: a recording never counts as hardware.
SourceDriver file_driver();

}  // namespace lightseed
