// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace lightseed {

/// The names most like `wanted`, by edit distance, at most three: "laser_off or laser_of". Empty where none is alike.
std::string nearest(std::string_view wanted, const std::vector<std::string>& names);

}  // namespace lightseed
