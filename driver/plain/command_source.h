// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "driver/registry.h"

namespace lightseed {

/// `command:LINE?bits=8&entropy=6` runs LINE with /bin/sh and takes what it writes as samples. For devices whose
/// vendor offers a program only. Provenance is `recorded`: nobody can tell where a program has its bytes from.
SourceDriver command_driver();

}  // namespace lightseed
