// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "stats/health/health_test.h"

namespace lightseed::health {

/// Repetition count test, SP 800-90B 4.4.1: fails when a value comes `cutoff` times in a row.
/// The run goes on over calls to feed(): samples are one stream.
class RepetitionCount final : public HealthTest {
 public:
  static constexpr const char* id = "repetition-count";

  /// `cutoff` >= 2; `rate_log2` is the logarithm of the false-alarm rate a sample, for the record.
  RepetitionCount(std::uint64_t cutoff, double rate_log2) noexcept : cutoff_(cutoff), rate_log2_(rate_log2) {}

  [[nodiscard]] std::size_t window() const noexcept override { return 1; }
  void restart() override;
  [[nodiscard]] std::optional<Failure> feed(const Samples& samples) override;
  [[nodiscard]] HealthTestRecord record() const override;

 private:
  std::uint64_t cutoff_;
  double rate_log2_;
  std::uint64_t run_ = 0;
  std::uint32_t previous_ = 0xffff'ffff;  ///< no sample has this value: they have at most 16 bits

  template <typename Sample>
  std::optional<std::size_t> find_failure(std::span<const Sample> samples) noexcept;
  template <typename Sample>
  std::optional<std::size_t> walk(std::span<const Sample> samples) noexcept;
};

}  // namespace lightseed::health
