// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string_view>

namespace lightseed {

/// Letters to insert, delete or change to make one word the other (Levenshtein). Costs the product of their lengths.
std::size_t edit_distance(std::string_view a, std::string_view b);

}  // namespace lightseed
