// SPDX-License-Identifier: Apache-2.0
#include "entropy/extract/peres/expected_bits.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

namespace lightseed::peres {
namespace {

constexpr std::size_t exact = 64;  ///< lengths up to here are summed exactly
constexpr std::size_t grid = 512;  ///< steps of p, closer to each other near 0, where the entropy bends most

/// One length's E for every p of the grid; p_i = (i / grid)^2 / 2, and E(p) = E(1 - p).
using Curve = std::array<double, grid + 1>;

double place(std::size_t i) noexcept {
  const double t = static_cast<double>(i) / static_cast<double>(grid);
  return t * t / 2;
}

double at(const Curve& curve, double p) noexcept {
  const double x = std::sqrt(2 * std::min(p, 1 - p)) * static_cast<double>(grid);
  const auto i = std::min(static_cast<std::size_t>(x), grid - 1);
  const double share = x - static_cast<double>(i);
  return curve[i] * (1 - share) + curve[i + 1] * share;
}

/// E for lengths 0 … 64 and then 128, 256, …
class Expectation {
 public:
  explicit Expectation(std::size_t n) {
    for (std::size_t length = 0; length <= exact; ++length)
      curves_.push_back(curve([&](double p) { return short_string(length, p); }));
    for (std::size_t length = 2 * exact; length / 2 < n; length *= 2)
      curves_.push_back(curve([&](double p) { return long_string(length, p); }));
  }

  /// E(length, p) for any real length.
  [[nodiscard]] double operator()(double length, double p) const {
    if (length <= static_cast<double>(exact)) {
      const auto below = static_cast<std::size_t>(length);
      if (below == exact) return at(curves_[exact], p);
      const double share = length - static_cast<double>(below);
      return at(curves_[below], p) * (1 - share) + at(curves_[below + 1], p) * share;
    }
    // E / length changes slowly, about as the logarithm of the length.
    const double octave = std::log2(length / static_cast<double>(exact));
    const auto below = static_cast<std::size_t>(octave);
    const double share = octave - static_cast<double>(below);
    const std::size_t last = curves_.size() - exact - 1;
    const auto rate = [&](std::size_t i) { return rate_of(std::min(i, last), p); };
    return length * (rate(below) * (1 - share) + rate(below + 1) * share);
  }

 private:
  std::vector<Curve> curves_;

  /// Bits an input bit at length exact * 2^octave.
  [[nodiscard]] double rate_of(std::size_t octave, double p) const {
    return at(curves_[exact + octave], p) / std::ldexp(static_cast<double>(exact), static_cast<int>(octave));
  }

  template <typename Function>
  static Curve curve(const Function& function) {
    Curve result{};
    for (std::size_t i = 0; i <= grid; ++i)
      result[i] = function(place(i));
    return result;
  }

  [[nodiscard]] double short_string(std::size_t length, double p) const {
    const std::size_t pairs = length / 2;
    if (pairs == 0) return 0;
    const double unequal = 2 * p * (1 - p);
    const double equal = 1 - unequal;
    double mean = unequal * static_cast<double>(pairs) + at(curves_[pairs], unequal);
    const double ones = p * p / equal;
    double chance = std::pow(unequal, static_cast<double>(pairs));  // of no equal pair
    if (unequal == 0) return mean + at(curves_[pairs], ones);
    for (std::size_t k = 0; k <= pairs; ++k) {
      mean += chance * at(curves_[k], ones);
      chance *= static_cast<double>(pairs - k) / static_cast<double>(k + 1) * equal / unequal;
    }
    return mean;
  }

  [[nodiscard]] double long_string(std::size_t length, double p) const {
    const double pairs = static_cast<double>(length) / 2;
    const double unequal = 2 * p * (1 - p);
    // Every second number of equal pairs is odd, and then its last bit is dropped.
    const double equal = std::max(0.0, pairs * (1 - unequal) - 0.5);
    return unequal * pairs + (*this)(pairs, unequal) + (*this)(equal, p * p / (1 - unequal));
  }
};

}  // namespace

double expected_bits(std::size_t n, double p) {
  return Expectation(n)(static_cast<double>(n), p);
}

}  // namespace lightseed::peres
