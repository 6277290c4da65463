// SPDX-License-Identifier: Apache-2.0
// Tests of linear structure and of periods: 2.5, 2.6, 2.10.
#include <algorithm>
#include <array>
#include <cmath>

#include "stats/sequence/linear_complexity.h"
#include "stats/sequence/rank.h"
#include "stats/sp800_22/linear_complexity_classes.h"
#include "stats/sp800_22/sp800_22.h"
#include "stats/special/gamma.h"

namespace lightseed::stats::sp800_22 {

TestResult rank(const Facts& facts) {
  const auto ranks = matrix_ranks(facts.sequence.bits());
  const auto probabilities = matrix_rank_probabilities();
  const double matrices = static_cast<double>(ranks[0] + ranks[1] + ranks[2]);
  double chi = 0;
  for (std::size_t i = 0; i < ranks.size(); ++i) {
    const double expected = matrices * probabilities[i];
    const double excess = static_cast<double>(ranks[i]) - expected;
    chi += excess * excess / expected;
  }
  return {.p = {std::exp(-chi / 2)}};
}

TestResult fft(const Facts& facts) {
  const double n = facts.sequence.length();
  const double small =
      static_cast<double>(facts.spectrum.below(facts.sequence.bits(), facts.profile.dft_threshold * n));
  const double d = (small - 0.95 * n / 2) / std::sqrt(n / 4 * 0.95 * 0.05);
  return {.p = {std::erfc(std::abs(d) / std::sqrt(2.0))}, .figures = {{"n1", small}}};
}

TestResult linear_complexity(const Facts& facts) {
  return {.p = {linear_complexity_p(facts.sequence.bits(), 500, facts.profile.linear_complexity)}};
}

double linear_complexity_p(const BitString& bits, std::size_t block, const std::array<double, 7>& probabilities) {
  const auto m = static_cast<double>(block);
  const double sign = block % 2 == 0 ? 1 : -1;
  const double mean = m / 2 + (9 - sign) / 36 - std::exp2(-m) * (m / 3 + 2.0 / 9);
  std::array<std::uint64_t, 7> seen{};
  const auto lengths = linear_complexities(bits, block);
  for (const std::uint32_t length : lengths) {
    const double t = sign * (length - mean) + 2.0 / 9;
    ++seen[static_cast<std::size_t>(std::clamp(std::ceil(t + 2.5), 0.0, 6.0))];
  }
  double chi = 0;
  for (std::size_t i = 0; i < seen.size(); ++i) {
    const double expected = static_cast<double>(lengths.size()) * probabilities[i];
    const double excess = static_cast<double>(seen[i]) - expected;
    chi += excess * excess / expected;
  }
  return chi_square_tail(chi, 6);
}

}  // namespace lightseed::stats::sp800_22
