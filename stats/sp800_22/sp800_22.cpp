// SPDX-License-Identifier: Apache-2.0
#include "stats/sp800_22/sp800_22.h"

namespace lightseed::stats::sp800_22 {

const std::vector<BatteryTest<Facts>>& tests() {
  // The least bits are those of section 2.x.7 of each test; of universal those of its table.
  static const std::vector<BatteryTest<Facts>> all{
      {"frequency", "2.1", 100, frequency},
      {"block-frequency", "2.2", 128, block_frequency},
      {"cumulative-sums", "2.13", 100, cumulative_sums},
      {"runs", "2.3", 100, runs},
      {"longest-run", "2.4", 128, longest_run},
      {"rank", "2.5", 38'912, rank},
      {"fft", "2.6", 1'000, fft},
      {"non-overlapping-template", "2.7", 65'536, non_overlapping_template},
      {"overlapping-template", "2.8", 1'000'000, overlapping_template},
      {"universal", "2.9", 387'840, universal},
      {"approximate-entropy", "2.12", 131'072, approximate_entropy},
      {"random-excursions", "2.14", 1'000'000, random_excursions},
      {"random-excursions-variant", "2.15", 1'000'000, random_excursions_variant},
      {"serial", "2.11", 524'288, serial},
      {"linear-complexity", "2.10", 1'000'000, linear_complexity},
  };
  return all;
}

}  // namespace lightseed::stats::sp800_22
