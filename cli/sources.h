// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "cli/console.h"
#include "driver/registry.h"

namespace lightseed::cli {

/// Every source of this build: devices, simulated ones where they are built in, and pools of them. Which
/// member leaves a pool, and why, is said on `console`'s stderr.
SourceRegistry all_sources(Console& console);

/// The source with the faults of a file beside its own; `faults` is empty where there is none.
std::string uri_with_faults(const std::string& uri, const std::string& faults);

}  // namespace lightseed::cli
