// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "stats/health/health_test.h"

namespace lightseed::health {

/// Adaptive proportion test, SP 800-90B 4.4.2: fails when the first value of a window comes `cutoff` times in it. With
/// a cut-off above the window it can never fail; the record then has no false-alarm rate.
class AdaptiveProportion final : public HealthTest {
 public:
  static constexpr const char* id = "adaptive-proportion";

  /// `rate_log2` is the logarithm of the false-alarm rate a window, for the record.
  AdaptiveProportion(std::uint32_t window, std::uint32_t cutoff, std::optional<double> rate_log2) noexcept
      : window_(window), cutoff_(cutoff), rate_log2_(rate_log2) {}

  [[nodiscard]] std::size_t window() const noexcept override { return window_; }
  void restart() override {}
  [[nodiscard]] std::optional<Failure> feed(const Samples& samples) override;
  [[nodiscard]] HealthTestRecord record() const override;

 private:
  std::uint32_t window_;
  std::uint32_t cutoff_;
  std::optional<double> rate_log2_;
};

}  // namespace lightseed::health
