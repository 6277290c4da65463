// SPDX-License-Identifier: Apache-2.0
// Tests of linear structure and of periods: 2.5, 2.6, 2.10.
#include <algorithm>
#include <array>
#include <cmath>

#include "stats/sequence/classes.h"
#include "stats/sequence/linear_complexity.h"
#include "stats/sequence/rank.h"
#include "stats/sp800_22/linear_complexity_classes.h"
#include "stats/sp800_22/sp800_22.h"
#include "stats/special/gamma.h"

namespace lightseed::stats::sp800_22 {

TestResult rank(const Facts& facts) {
  return {.p = {classes_p(matrix_ranks(facts.sequence.bits()), matrix_rank_probabilities())}};
}

TestResult fft(const Facts& facts) {
  const double n = facts.sequence.length();
  const double small =
      static_cast<double>(facts.spectrum.below(facts.sequence.bits(), facts.profile.dft_threshold * n));
  const double d = (small - 0.95 * n / 2) / std::sqrt(n / 4 * 0.95 * 0.05);
  return {.p = {two_sided_normal(d)}, .figures = {{"n1", small}}};
}

TestResult linear_complexity(const Facts& facts) {
  return {.p = {linear_complexity_p(facts.sequence.bits(), 500, facts.profile.linear_complexity)}};
}

double linear_complexity_p(const BitString& bits, std::size_t block, const std::array<double, 7>& probabilities) {
  const auto m = static_cast<double>(block);
  const double sign = block % 2 == 0 ? 1 : -1;
  const double mean = m / 2 + (9 - sign) / 36 - std::exp2(-m) * (m / 3 + 2.0 / 9);
  std::array<std::uint64_t, 7> seen{};
  for (const std::uint32_t length : linear_complexities(bits, block)) {
    const double t = sign * (length - mean) + 2.0 / 9;
    ++seen[static_cast<std::size_t>(std::clamp(std::ceil(t + 2.5), 0.0, 6.0))];
  }
  return classes_p(seen, probabilities);
}

}  // namespace lightseed::stats::sp800_22
