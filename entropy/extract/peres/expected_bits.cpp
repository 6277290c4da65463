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

/// Two means a length and p: of a string whose length is known, and of one whose length varies about a mean, so that
/// every second time its last bit has no partner. Lengths known: exact up to 66 bits, by the recursion above. Lengths
/// that vary: curves for means of 64, 128, 256, …
class Expectation {
 public:
  explicit Expectation(std::size_t n) {
    for (std::size_t length = 0; length <= exact + 2; ++length)
      short_.push_back(curve([&](double p) { return short_string(length, p); }));
    long_.push_back(curve([&](double p) { return short_mean(static_cast<double>(exact), p); }));
    for (std::size_t length = 2 * exact; length / 2 < n; length *= 2)
      long_.push_back(curve([&](double p) {
        const double pairs = (static_cast<double>(length) - 0.5) / 2;
        return unequal_of(p) * pairs + varying(pairs, unequal_of(p)) + equal_pairs(pairs, p);
      }));
  }

  [[nodiscard]] double known(std::size_t length, double p) const {
    if (length <= exact) return at(short_[length], p);
    const std::size_t pairs = length / 2;
    const auto count = static_cast<double>(pairs);
    return unequal_of(p) * count + known(pairs, unequal_of(p)) + equal_pairs(count, p);
  }

 private:
  std::vector<Curve> short_, long_;

  static double unequal_of(double p) noexcept { return 2 * p * (1 - p); }

  template <typename Function>
  static Curve curve(const Function& function) {
    Curve result{};
    for (std::size_t i = 0; i <= grid; ++i)
      result[i] = function(place(i));
    return result;
  }

  /// What comes of the values of the equal ones of `pairs` pairs.
  [[nodiscard]] double equal_pairs(double pairs, double p) const {
    const double equal = 1 - unequal_of(p);
    return varying(pairs * equal, p * p / equal);
  }

  [[nodiscard]] double varying(double mean, double p) const {
    if (mean <= static_cast<double>(exact)) return short_mean(mean, p);
    // Bits an input bit change slowly, about as the logarithm of the length.
    const double octave = std::log2(mean / static_cast<double>(exact));
    const auto below = static_cast<std::size_t>(octave);
    const double share = octave - static_cast<double>(below);
    const auto rate = [&](std::size_t i) {
      i = std::min(i, long_.size() - 1);
      return at(long_[i], p) / std::ldexp(static_cast<double>(exact), static_cast<int>(i));
    };
    return mean * (rate(below) * (1 - share) + rate(below + 1) * share);
  }

  /// A mean of lengths spread over the four whole ones next to it.
  [[nodiscard]] double short_mean(double mean, double p) const {
    const auto between = [&](double length) {
      if (length <= 0) return 0.0;
      const auto below = static_cast<std::size_t>(length);
      const double share = length - static_cast<double>(below);
      return at(short_[below], p) * (1 - share) + at(short_[below + 1], p) * share;
    };
    return (between(mean - 1) + 2 * between(mean) + between(mean + 1)) / 4;
  }

  [[nodiscard]] double short_string(std::size_t length, double p) const {
    const std::size_t pairs = length / 2;
    if (pairs == 0) return 0;
    const double unequal = unequal_of(p);
    const double equal = 1 - unequal;
    double mean = unequal * static_cast<double>(pairs) + at(short_[pairs], unequal);
    const double ones = p * p / equal;
    if (unequal == 0) return mean + at(short_[pairs], ones);
    double chance = std::pow(unequal, static_cast<double>(pairs));  // of no equal pair
    for (std::size_t k = 0; k <= pairs; ++k) {
      mean += chance * at(short_[k], ones);
      chance *= static_cast<double>(pairs - k) / static_cast<double>(k + 1) * equal / unequal;
    }
    return mean;
  }
};

}  // namespace

double expected_bits(std::size_t n, double p) {
  return Expectation(n).known(n, p);
}

}  // namespace lightseed::peres
