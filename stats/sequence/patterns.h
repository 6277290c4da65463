// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "stats/sequence/sequence.h"

namespace lightseed::stats {

/// How often each window of `width` bits (9 at most) begins at one of the places of `length` bits from `first` on, all
/// of it within them. A window's first bit is the lowest of its number.
std::vector<std::uint32_t> count_windows(const BitString& bits, std::size_t first, std::size_t length, unsigned width);

/// How often each value of `width` bits (9 at most) comes, the bits taken in whole pieces one behind the other.
std::vector<std::uint32_t> count_pieces(const BitString& bits, unsigned width);

/// p of the numbers of ones in whole blocks of `block` bits (SP 800-22 2.2).
double block_frequency_p(const BitString& bits, std::size_t block);

/// Maurer's universal statistic, less its expectation, over its deviation: a normal variable (SP 800-22 2.9 with its
/// table of block lengths). Nothing below 387840 bits.
std::optional<double> universal_statistic(const BitString& bits);

/// p of the approximate entropy of patterns of `m` and m + 1 bits (SP 800-22 2.12, GM/T 0005).
double approximate_entropy_p(const Sequence& sequence, unsigned m);

/// Both p of the serial test on patterns of `m` bits (SP 800-22 2.11; GM/T 0005 "overlapping subsequence"). m >= 2.
std::pair<double, double> serial_p(const Sequence& sequence, unsigned m);

}  // namespace lightseed::stats
