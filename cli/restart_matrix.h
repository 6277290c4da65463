// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "stats/sp800_90b/restart_test.h"

namespace lightseed::cli {

/// "1000x1000": restarts and samples after each. Throws Error(usage) naming the option.
sp800_90b::RestartMatrix parse_matrix(const std::string& option, const std::string& text);

}  // namespace lightseed::cli
