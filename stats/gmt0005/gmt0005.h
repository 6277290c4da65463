// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <utility>
#include <vector>

#include "stats/battery.h"
#include "stats/gmt0005/parameters.h"
#include "stats/sequence/sequence.h"
#include "stats/sequence/spectrum.h"

namespace lightseed::stats::gmt0005 {

struct Facts {
  const Sequence& sequence;  ///< patterns of 8 bits are enough
  const Parameters& parameters;
  const Spectrum& spectrum;  ///< prepared for sequence.size()
};

/// P, and the Q whose uniformity is judged: of a two-sided normal statistic V the upper tail erfc(V / sqrt 2) / 2, of a
/// chi-square P itself (6.3).
struct Values {
  double p = 1;
  double q = 1;
};
Values two_sided(double v);

/// The fifteen tests of GM/T 0005-2021; each has a P and a Q for each of its parameters: frequency, block-frequency,
/// poker, overlapping-subsequence (2 a parameter), runs, run-distribution, longest-run (of ones, of zeros),
/// binary-derivation, autocorrelation, rank, cumulative-sums (2), approximate-entropy, linear-complexity, universal,
/// dft.
const std::vector<BatteryTest<Facts>>& tests();

// What the tests are made of, one parameter at a time.
Values frequency(const Sequence& sequence);
double poker(const BitString& bits, unsigned m);
Values runs(const Sequence& sequence);
double run_distribution(const BitString& bits);
double longest_run(const BitString& bits, bool value);
Values binary_derivation(const BitString& bits, unsigned times);
Values autocorrelation(const Sequence& sequence, std::size_t distance);
double rank(const BitString& bits);
std::pair<double, double> cumulative_sums(const Sequence& sequence);
/// With the variance of the number of small coefficients taken as n/3.8 of 0.95 * 0.05, where SP 800-22 has n/4.
Values dft(const Sequence& sequence, const Spectrum& spectrum);

}  // namespace lightseed::stats::gmt0005
