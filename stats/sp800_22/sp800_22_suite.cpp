// SPDX-License-Identifier: Apache-2.0
#include "stats/sp800_22/sp800_22_suite.h"

#include <algorithm>
#include <cmath>

#include "stats/audit/p_value_suite.h"
#include "stats/sequence/spectrum_cache.h"
#include "stats/sp800_22/sp800_22.h"
#include "stats/special/binomial.h"

namespace lightseed::stats {
namespace {

/// The statistic of 2.6 varies by n/3.8, not by n/4 (Pareschi, Rovatti and Setti, "On statistical tests for randomness
/// included in the NIST SP800-22 test suite and based on the binomial distribution", 2012): its p are too small.
double true_fft_probability(double p) {
  if (p <= 0) return 0;
  if (p >= 1) return 1;
  return std::erfc(normal_quantile(p / 2) * std::sqrt(3.8 / 4) / std::sqrt(2.0));
}

/// 2.3.4 sets p to 0 where the share of ones is four deviations off, which one perfect sequence in 16,000 is.
double true_runs_probability(double p) {
  constexpr double set_to_zero = 6.334248366623973e-5;  // erfc(4 / sqrt 2)
  return std::min(1.0, p + set_to_zero);
}

Calibration calibration_of(std::string_view id) {
  if (id == "fft") return {.truth = true_fft_probability};
  if (id == "runs") return {.truth = true_runs_probability};
  return {.fine = id == "block-frequency" || id == "non-overlapping-template" || id == "approximate-entropy" ||
                  id == "serial"};
}

}  // namespace

std::unique_ptr<SuiteRun> begin_sp800_22(const SuiteOptions& options) {
  const sp800_22::Profile& profile = sp800_22::find_profile(options.profile);
  PValueSuite suite{.id = "sp800-22",
                    .profile = std::string(profile.id),
                    .clauses = "SP 800-22 4.2",
                    .sequence_bits = options.sequence_bits.value_or(1'000'000),
                    .may_be_shorter = !options.sequence_bits};
  for (const auto& test : sp800_22::tests())
    suite.tests.push_back({test.id, test.clause, test.least_bits, calibration_of(test.id)});
  suite.run = [&profile, spectra = std::make_shared<SpectrumCache>()](const BitString& bits) {
    const Sequence sequence(bits);
    return run_battery(sp800_22::tests(), sp800_22::Facts{sequence, profile, spectra->of(bits.size())}, bits.size());
  };
  return run_of(std::move(suite));
}

}  // namespace lightseed::stats
