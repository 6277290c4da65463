// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

namespace lightseed::simulated {

/// An analogue-to-digital converter: code c stands for signals from lowest + c step up to the next code's; the first
/// and the last code catch everything beyond.
struct Converter {
  unsigned bits = 8;
  double lowest = 0;
  double step = 1;

  [[nodiscard]] std::uint32_t codes() const noexcept { return 1U << bits; }
  [[nodiscard]] double edge(double code) const noexcept { return lowest + code * step; }
  [[nodiscard]] std::uint16_t convert(double signal) const noexcept {
    const double code = std::floor((signal - lowest) / step);
    return static_cast<std::uint16_t>(std::clamp(code, 0.0, static_cast<double>(codes() - 1)));
  }
};

/// P(N(0,1) <= x), with full relative accuracy in the lower tail.
double normal_cdf(double x) noexcept;

/// A quantum signal Q and Gaussian classical noise E ~ N(0, noise^2), added before a converter; the adversary knows E.
struct ConvertedSignal {
  Converter converter;
  std::function<double(double)> cdf;  ///< of Q
  double reach = 0;                   ///< Q stays within ± reach of 0, but for less than 1e-15
  double noise = 0;                   ///< standard deviation of E
  double offset = 0;                  ///< added to Q + E, known
  double likeliest = 0;               ///< max over u of P(u <= Q < u + step), where known; 0: it is searched for
};

/// Both are bounds from below: no claim that rests on them is too high. For smooth laws they are within 0.001 bit of
/// the values; for the poles of a fringe the average is within 0.003 bit at 8 bits and 0.03 bit at 12.
struct ConditionalMinEntropy {
  double average;  ///< -log2 E_e max_c P(c | e)
  double worst;    ///< -log2 max over |e| <= bound x noise of max_c P(c | e)
};

/// Over cells of E that divide a step of the converter, with the most that any E of a cell can give; what lies beyond
/// nine standard deviations, and noise that drowns the converter, counts as known to the adversary.
ConditionalMinEntropy conditional_min_entropy(const ConvertedSignal& signal, double bound);

/// Probability of each code, E averaged over.
std::vector<double> marginal_law(const ConvertedSignal& signal);

/// The likeliest of `candidates` for a given e, the end codes always among them: what an adversary would guess.
std::uint16_t likeliest_code(const ConvertedSignal& signal, double e, std::span<const double> candidates);

/// -log2 of a probability, or of a bound of one; never negative.
double bits_of(double probability) noexcept;

/// -log2 of the largest.
double min_entropy_of(const std::vector<double>& law);

/// log2 of P(|N(0,1)| > bound).
double log2_beyond(double bound);

}  // namespace lightseed::simulated
