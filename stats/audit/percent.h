// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace lightseed::stats {

/// A share of 0 to 1 in percent with the digits that matter: "85 %", "0.052 %", "more than 99 %".
std::string percent(double share);

}  // namespace lightseed::stats
