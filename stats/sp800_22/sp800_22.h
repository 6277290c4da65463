// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "stats/battery.h"
#include "stats/sequence/sequence.h"
#include "stats/sequence/spectrum.h"
#include "stats/sp800_22/profile.h"

namespace lightseed::stats::sp800_22 {

/// A sequence, the constants, and the parameters the document recommends for a million bits (its section 2, NIST's
/// program's defaults): blocks of 128 bits, templates of 9, approximate entropy of 10, serial of 16, linear complexity
/// of 500 bits.
struct Facts {
  const Sequence& sequence;
  const Profile& profile;
  const Spectrum& spectrum;  ///< prepared for sequence.size()
};

/// The fifteen tests of SP 800-22 rev. 1a in the order of NIST's report, 188 p-values together:
/// frequency, block-frequency, cumulative-sums (2), runs, longest-run, rank, fft, non-overlapping-template (148),
/// overlapping-template, universal, approximate-entropy, random-excursions (8), random-excursions-variant (18),
/// serial (2), linear-complexity. Random excursions are not applicable to a walk with fewer than 500 cycles.
const std::vector<BatteryTest<Facts>>& tests();

// The tests by themselves.
TestResult frequency(const Facts& facts);
TestResult block_frequency(const Facts& facts);
TestResult cumulative_sums(const Facts& facts);
TestResult runs(const Facts& facts);
TestResult longest_run(const Facts& facts);
TestResult rank(const Facts& facts);
TestResult fft(const Facts& facts);
TestResult non_overlapping_template(const Facts& facts);
TestResult overlapping_template(const Facts& facts);
TestResult universal(const Facts& facts);
TestResult approximate_entropy(const Facts& facts);
TestResult random_excursions(const Facts& facts);
TestResult random_excursions_variant(const Facts& facts);
TestResult serial(const Facts& facts);
TestResult linear_complexity(const Facts& facts);

/// Fewer than 500 excursions say nothing (2.14.7).
inline constexpr double fewest_cycles = 500;

}  // namespace lightseed::stats::sp800_22
