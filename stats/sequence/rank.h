// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>

#include "stats/input/bit_string.h"

namespace lightseed::stats {

/// How many of the whole 32 × 32 matrices that the bits fill row by row have rank 32, 31, and less.
std::array<std::uint64_t, 3> matrix_ranks(const BitString& bits);

/// The probabilities of those three among all such matrices.
std::array<double, 3> matrix_rank_probabilities();

}  // namespace lightseed::stats
