// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/console.h"
#include "driver/registry.h"

namespace lightseed::cli {

/// Every source of this build: devices, simulated ones where they are built in, and pools of them. Which
/// member leaves a pool, and why, is said on `console`'s stderr.
SourceRegistry all_sources(Console& console);

}  // namespace lightseed::cli
