// SPDX-License-Identifier: Apache-2.0
#include "stats/health/standard_tests.h"

#include "stats/health/adaptive_proportion.h"
#include "stats/health/cutoffs.h"
#include "stats/health/repetition_count.h"

namespace lightseed::health {

Tests standard_tests(const SampleFormat& format, double claim, double alpha_log2) {
  const std::uint64_t repeats = repetition_count_cutoff(claim, alpha_log2);
  const std::uint32_t window = adaptive_proportion_window(format.bits);
  const std::uint32_t common = adaptive_proportion_cutoff(window, claim, alpha_log2);
  Tests tests;
  tests.push_back(std::make_unique<RepetitionCount>(repeats, repetition_count_rate_log2(repeats, claim)));
  tests.push_back(
      std::make_unique<AdaptiveProportion>(window, common, adaptive_proportion_rate_log2(window, common, claim)));
  return tests;
}

}  // namespace lightseed::health
