// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>

#include "stats/health/reference.h"

namespace lightseed::health {

/// Sums over the block in hand, exact: 65,536 codes below 2^16 have squares that add up to less than 2^48.
class Moments {
 public:
  void add(std::span<const std::uint8_t> samples) noexcept;
  void add(std::span<const std::uint16_t> samples) noexcept;
  void clear() noexcept { sum_ = squares_ = 0; }

  [[nodiscard]] double mean() const noexcept { return static_cast<double>(sum_) / monitor_block; }
  /// About `centre`, not about the block's own mean: so it is a mean of independent numbers.
  [[nodiscard]] double variance_about(double centre) const noexcept {
    const double square = static_cast<double>(squares_) / monitor_block;
    return square - 2 * centre * mean() + centre * centre;
  }

 private:
  std::uint64_t sum_ = 0, squares_ = 0;
};

}  // namespace lightseed::health
