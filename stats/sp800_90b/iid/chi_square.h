#pragma once

#include <cstdint>
#include <span>

#include "stats/sp800_90b/bit_string.h"

namespace lightseed::sp800_90b {

/// A chi-square test of 5.2: fails below p = 0.001.
struct ChiSquare {
  double statistic = 0;      ///< T
  std::int64_t degrees = 0;  ///< of freedom; 0: too little data, passes
  double p = 1;

  [[nodiscard]] bool passed() const noexcept { return p >= 0.001; }
  /// p is within a factor of two of the limit.
  [[nodiscard]] bool borderline() const noexcept { return p > 0.0005 && p < 0.002; }
};

/// 5.2.1 and 5.2.2: `symbols` below `alphabet`, each of which comes.
ChiSquare independence(std::span<const std::uint8_t> symbols, unsigned alphabet);
ChiSquare goodness_of_fit(std::span<const std::uint8_t> symbols, unsigned alphabet);

/// 5.2.3 and 5.2.4: binary data, both values of which come.
ChiSquare independence(const BitString& bits);
ChiSquare goodness_of_fit(const BitString& bits);

}  // namespace lightseed::sp800_90b
