// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "stats/input/bit_string.h"

namespace lightseed::stats {

/// Distances at which bits are compared with each other: 1 to 1024.
inline constexpr std::size_t lags = 1024;

/// How often bits differ from those 1 … lags places on.
struct LagCounts {
  std::uint64_t pairs = 0;                      ///< compared at each distance
  std::array<std::uint64_t, lags> differing{};  ///< [distance - 1]
};

/// Counts in one piece of a stream, and adds to `counts`. So that every distance has as many pairs, the last lags + 64
/// bits and what does not fill a word of 64 are only compared with; pairs across pieces are left out.
void count_lags(const BitString& bits, LagCounts& counts);

}  // namespace lightseed::stats
