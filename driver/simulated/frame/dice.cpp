// SPDX-License-Identifier: Apache-2.0
#include "driver/simulated/frame/dice.h"

#include <cmath>
#include <numbers>

namespace lightseed::simulated {

std::uint32_t Dice::word() {
  if (used_ == words_.size()) {
    stream_.fill(words_);
    used_ = 0;
  }
  return words_[used_++];
}

double Dice::unit() {
  const std::uint64_t high = word();
  const std::uint64_t bits = (high << 32 | word()) >> 11;
  // 52 bits and a half: the sum is exact, and 1 is never reached.
  return (static_cast<double>(bits >> 1) + 0.5) * 0x1p-52;
}

double Dice::normal() {
  if (has_spare_) {
    has_spare_ = false;
    return spare_normal_;
  }
  const double radius = std::sqrt(-2 * std::log(unit()));
  const double angle = 2 * std::numbers::pi * unit();
  spare_normal_ = radius * std::sin(angle);
  has_spare_ = true;
  return radius * std::cos(angle);
}

double Dice::exponential() {
  return -std::log(unit());
}

std::uint64_t Dice::failures(double p) {
  if (p >= 1) return 0;
  const double count = std::floor(std::log(unit()) / std::log1p(-p));
  return count < 0x1p62 ? static_cast<std::uint64_t>(count) : std::uint64_t{1} << 62;
}

double log_factorial(double n) noexcept {
  double shift = 0;
  double x = n + 1;
  // Stirling's series of ln Gamma(x) is exact to 1e-15 from 10 on; below, Gamma(x + 1) = x Gamma(x) brings us there.
  while (x < 10) {
    shift += std::log(x);
    x += 1;
  }
  const double r = 1 / (x * x);
  const double series = (1.0 / 12 - r * (1.0 / 360 - r * (1.0 / 1260 - r * (1.0 / 1680 - r / 1188)))) / x;
  return (x - 0.5) * std::log(x) - x + 0.5 * std::log(2 * std::numbers::pi) + series - shift;
}

std::uint64_t Dice::poisson(double mean) {
  if (mean <= 0) return 0;
  if (mean < 10) {
    const double limit = std::exp(-mean);
    std::uint64_t count = 0;
    double product = unit();
    while (product > limit) {
      ++count;
      product *= unit();
    }
    return count;
  }
  // Symbols as in the paper.
  const double b = 0.931 + 2.53 * std::sqrt(mean);
  const double a = -0.059 + 0.02483 * b;
  const double inverse_alpha = 1.1239 + 1.1328 / (b - 3.4);
  const double v_r = 0.9277 - 3.6224 / (b - 2);
  const double log_mean = std::log(mean);
  for (;;) {
    const double u = unit() - 0.5;
    const double v = unit();
    const double us = 0.5 - std::abs(u);
    const double k = std::floor((2 * a / us + b) * u + mean + 0.43);
    if (us >= 0.07 && v <= v_r) return static_cast<std::uint64_t>(k);
    if (k < 0 || (us < 0.013 && v > us)) continue;
    if (std::log(v * inverse_alpha / (a / (us * us) + b)) <= k * log_mean - mean - log_factorial(k)) {
      return static_cast<std::uint64_t>(k);
    }
  }
}

}  // namespace lightseed::simulated
