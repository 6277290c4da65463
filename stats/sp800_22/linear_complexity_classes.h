// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>

#include "stats/input/bit_string.h"

namespace lightseed::stats::sp800_22 {

/// p of the linear complexities of blocks of `block` bits (2.10), its seven classes taken with these probabilities.
double linear_complexity_p(const BitString& bits, std::size_t block, const std::array<double, 7>& probabilities);

}  // namespace lightseed::stats::sp800_22
