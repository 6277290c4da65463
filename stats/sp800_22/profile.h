// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

namespace lightseed::stats::sp800_22 {

/// Which constants the tests of SP 800-22 take. NIST's program has rounded ones, one wrong table and an integer
/// division that cuts off; with enough sequences these show as faults of a perfect source.
struct Profile {
  std::string_view id;
  std::array<double, 7> longest_run_10000{};  ///< class probabilities, blocks of 10000 bits
  std::array<double, 6> overlapping{};        ///< of 0, 1, 2, 3, 4, 5 or more templates in a block of 1032 bits
  std::array<double, 7> linear_complexity{};  ///< class probabilities
  double dft_threshold = 0;                   ///< ln 20, by which a bin stays below the threshold 95 times of 100
  bool sums_cut_off = false;                  ///< the cumulative sums' series between NIST's truncated limits
};

/// "sts-2.1.2": NIST's program, number for number. "corrected": exact probabilities.
const std::vector<Profile>& profiles();

/// Throws Error(usage) with the list.
const Profile& find_profile(std::string_view id);

}  // namespace lightseed::stats::sp800_22
