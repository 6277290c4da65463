// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <stop_token>

#include "stats/sp800_90b/iid/statistics.h"

namespace lightseed::sp800_90b {

/// What became of one statistic: how many rearrangements had a greater, an equal, a smaller value.
struct Ranking {
  double original = 0;
  std::uint32_t greater = 0;  ///< C0 of 5.1
  std::uint32_t equal = 0;    ///< C1
  std::uint32_t smaller = 0;  ///< C2
  bool skipped = false;       ///< not decided, because another statistic had failed already

  [[nodiscard]] std::uint32_t rounds() const noexcept { return greater + equal + smaller; }
  /// 5.1: neither C0 + C1 nor C1 + C2 is 5 or less.
  [[nodiscard]] bool passed() const noexcept { return skipped || (greater + equal > 5 && equal + smaller > 5); }
  /// Another seed might decide otherwise: of 10000 rearrangements about 20 or fewer are as extreme.
  [[nodiscard]] bool borderline() const noexcept;
};

struct PermutationOptions {
  std::uint64_t seed = 0;
  std::uint32_t rounds = 10'000;
  bool full = false;  ///< every statistic over all rounds, for exact counts
  unsigned threads = 0;
  std::stop_token stop{};
  std::function<void(std::uint32_t done, std::uint32_t of)> progress{};
};

/// A seed for somebody who named none, to be reported: 52 bits, so that any reader of JSON can hold it.
std::uint64_t fresh_seed();

/// The permutation test (5.1). A statistic is left alone once it can no longer fail; compression waits until
/// the others are decided, and is not begun when one of them failed. The result depends on the seed alone, not on
/// the threads. Throws Error(interrupted).
std::array<Ranking, statistics_count> permutation_test(const Statistics& statistics, const PermutationOptions& options);

}  // namespace lightseed::sp800_90b
