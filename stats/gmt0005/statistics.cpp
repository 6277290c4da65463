// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>

#include "stats/gmt0005/gmt0005.h"
#include "stats/sequence/classes.h"
#include "stats/sequence/patterns.h"
#include "stats/sequence/rank.h"
#include "stats/sequence/runs.h"
#include "stats/special/gamma.h"

namespace lightseed::stats::gmt0005 {
namespace {

/// The longest run that is expected five times or more, (n - k + 3) / 2^(k + 2).
unsigned longest_expected_run(double n) {
  unsigned k = 1;
  while ((n - (k + 1) + 3) / std::exp2(k + 3) >= 5)
    ++k;
  return k;
}

}  // namespace

Values two_sided(double v) {
  return {.p = two_sided_normal(v), .q = normal_tail(v)};
}

Values frequency(const Sequence& sequence) {
  return two_sided((2 * static_cast<double>(sequence.ones()) - sequence.length()) / std::sqrt(sequence.length()));
}

double poker(const BitString& bits, unsigned m) {
  std::uint64_t squares = 0;
  std::uint64_t pieces = 0;
  for (const std::uint64_t count : count_pieces(bits, m)) {
    squares += count * count;
    pieces += count;
  }
  const double values = std::exp2(m);
  const auto n = static_cast<double>(pieces);
  return chi_square_tail(values / n * static_cast<double>(squares) - n, values - 1);
}

Values runs(const Sequence& sequence) {
  const double n = sequence.length();
  const double share = static_cast<double>(sequence.ones()) / n;
  // Nothing but ones or zeros: one run, infinitely too few.
  if (share <= 0 || share >= 1) return {.p = 0, .q = 1};
  const double expected = 2 * n * share * (1 - share);
  return two_sided((static_cast<double>(sequence.changes(1)) + 1 - expected) /
                   (2 * std::sqrt(n) * share * (1 - share)));
}

double run_distribution(const BitString& bits) {
  const unsigned k = longest_expected_run(static_cast<double>(bits.size()));
  const auto counts = run_counts(bits, k);
  double all = 0;
  for (const auto& of_bit : counts) {
    for (const std::uint64_t count : of_bit)
      all += static_cast<double>(count);
  }
  double chi = 0;
  for (unsigned i = 1; i <= k; ++i) {
    const double expected = all / std::exp2(i == k ? k : i + 1);
    for (const auto& of_bit : counts) {
      const double excess = static_cast<double>(of_bit[i - 1]) - expected;
      chi += excess * excess / expected;
    }
  }
  return chi_square_tail(chi, 2.0 * k - 2);
}

double longest_run(const BitString& bits, bool value) {
  const LongestRunClasses classes = longest_run_classes(bits.size());
  const auto seen = longest_run_counts(bits, classes, value);
  if (classes.block == 10'000) return classes_p(seen, longest_run_10000);
  return classes.block == 128 ? classes_p(seen, longest_run_128) : classes_p(seen, longest_run_8);
}

Values binary_derivation(const BitString& bits, unsigned times) {
  const double n = static_cast<double>(bits.size() - times);
  return two_sided((2 * static_cast<double>(derived_ones(bits, times)) - n) / std::sqrt(n));
}

Values autocorrelation(const Sequence& sequence, std::size_t distance) {
  const double n = static_cast<double>(sequence.size() - distance);
  return two_sided(2 * (static_cast<double>(sequence.changes(distance)) - n / 2) / std::sqrt(n));
}

double rank(const BitString& bits) {
  return classes_p(matrix_ranks(bits), rank_probabilities);
}

std::pair<double, double> cumulative_sums(const Sequence& sequence) {
  const RandomWalk& walk = sequence.walk();
  const auto n = static_cast<std::int64_t>(sequence.size());
  return {excursion_tail(walk.reach(), n), excursion_tail(walk.reach_backward(), n)};
}

Values dft(const Sequence& sequence, const Spectrum& spectrum) {
  const double n = sequence.length();
  const double small = static_cast<double>(spectrum.below(sequence.bits(), 2.995732274 * n));
  return two_sided((small - 0.95 * n / 2) / std::sqrt(0.95 * 0.05 * n / 3.8));
}

}  // namespace lightseed::stats::gmt0005
