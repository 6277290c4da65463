// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "driver/registry.h"

namespace lightseed::cli {

/// Every source of this build: devices, simulated ones where they are built in, and pools of them.
SourceRegistry all_sources();

}  // namespace lightseed::cli
