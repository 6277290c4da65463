// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

#include "stats/input/bit_string.h"

namespace lightseed::stats::sp800_22 {

/// p of the linear complexities of blocks of `block` bits (2.10), the first of the seven classes taken with the
/// probability `first_class`.
double linear_complexity_p(const BitString& bits, std::size_t block, double first_class);

}  // namespace lightseed::stats::sp800_22
