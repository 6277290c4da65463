// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>

#include "stats/input/bit_string.h"

namespace lightseed::sp800_90b {

using namespace stats;  // what all batteries share: input, bit strings, histograms

/// 5.2: a test fails below this p.
inline constexpr double least_p_value = 0.001;

/// A chi-square test of 5.2.
struct ChiSquare {
  double statistic = 0;      ///< T
  std::int64_t degrees = 0;  ///< of freedom; 0: too little data, passes
  double p = 1;

  [[nodiscard]] bool passed() const noexcept { return p >= least_p_value; }
  /// p is within a factor of two of the limit.
  [[nodiscard]] bool borderline() const noexcept { return p > least_p_value / 2 && p < 2 * least_p_value; }
};

/// The test whose statistic came out as `t` with `degrees` of freedom.
ChiSquare chi_square(double t, std::int64_t degrees);

/// 5.2.1 and 5.2.2: `symbols` below `alphabet`, each of which comes.
ChiSquare independence(std::span<const std::uint8_t> symbols, unsigned alphabet);
ChiSquare goodness_of_fit(std::span<const std::uint8_t> symbols, unsigned alphabet);

/// 5.2.3 and 5.2.4: binary data, both values of which come.
ChiSquare independence(const BitString& bits);
ChiSquare goodness_of_fit(const BitString& bits);

}  // namespace lightseed::sp800_90b
