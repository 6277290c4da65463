// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>

#include "driver/simulated/frame/keystream.h"

namespace lightseed::simulated {

/// Random numbers of the laws that photons, detectors and amplifiers follow, one at a time, from a Keystream.
class Dice {
 public:
  explicit Dice(Keystream stream) : stream_(std::move(stream)) {}

  [[nodiscard]] std::uint32_t word();
  /// Uniform in (0, 1), 53 bits; never 0 or 1.
  [[nodiscard]] double unit();
  /// True with probability p.
  [[nodiscard]] bool chance(double p) { return unit() < p; }
  /// N(0, 1), by Box and Muller; the radius has 53 bits, so that the tails reach 8.6 standard deviations.
  [[nodiscard]] double normal();
  /// Mean 1.
  [[nodiscard]] double exponential();
  /// Failures before the first success of probability p > 0.
  [[nodiscard]] std::uint64_t failures(double p);
  /// Poisson: by multiplication below a mean of 10, above it by Hörmann's transformed rejection (PTRS, Insurance:
  /// Mathematics and Economics 12 (1993) 39-45).
  [[nodiscard]] std::uint64_t poisson(double mean);

 private:
  Keystream stream_;
  std::array<std::uint32_t, 4096> words_{};
  std::size_t used_ = 4096;
  double spare_normal_ = 0;
  bool has_spare_ = false;
};

/// ln n!
[[nodiscard]] double log_factorial(double n) noexcept;

}  // namespace lightseed::simulated
