// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>

#include "stats/input/bit_string.h"

namespace lightseed::stats {

/// The walk that goes up by a one and down by a zero, beginning at 0 (SP 800-22 2.13–2.15).
struct RandomWalk {
  std::int64_t highest = 0;  ///< over all places, the beginning at 0 among them
  std::int64_t lowest = 0;
  std::int64_t end = 0;
  std::uint64_t cycles = 0;                ///< J: excursions from 0 back to 0; the last need not come back
  std::array<std::uint64_t, 19> visits{};  ///< [x+9]: how often the walk is at x, -9 … 9
  /// [x]: for x = -4 … -1, 1 … 4 in this order, cycles with 0, 1, 2, 3, 4, 5 or more visits to x.
  std::array<std::array<std::uint64_t, 6>, 8> cycles_with{};

  /// How far from its beginning the walk gets, and how far from its end when it is walked backward (2.13).
  [[nodiscard]] std::int64_t reach() const noexcept { return std::max(highest, -lowest); }
  [[nodiscard]] std::int64_t reach_backward() const noexcept { return std::max(highest - end, end - lowest); }
};

RandomWalk random_walk(const BitString& bits);

/// The probability that a walk of `steps` gets as far as `distance` from where it began (2.13, the series over all k
/// written in upper tails: exact where it is tiny).
double excursion_tail(std::int64_t distance, std::int64_t steps);

}  // namespace lightseed::stats
