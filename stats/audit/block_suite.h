// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "stats/audit/suite.h"

namespace lightseed::stats {

struct BlockTest {
  std::string_view id;
  std::string_view clause;
  double rate = 0;  ///< of trials with data from a perfect source that fail
};

/// What one test found in one block: it may be made several times there.
struct Tally {
  std::uint64_t trials = 0;
  std::uint64_t failed = 0;
  std::vector<std::pair<std::string, double>> figures{};  ///< shown of the first block alone

  void count(bool passed) {
    ++trials;
    failed += passed ? 0 : 1;
  }
};

/// What a standard asks of the blocks.
enum class BlockRule {
  every_block,  ///< each passes each test (FIPS 140-2)
  repeat_once,  ///< no trial of the first fails; where one does, none of the next (AIS 31)
  again,        ///< no trial of the first fails, or none of the next (AIS 20/31 of 2024)
};

/// A battery whose tests have fixed bounds on blocks of fixed length, as data.
struct BlockSuite {
  std::string id;
  std::string clause{};  ///< of the rule
  std::size_t block_bytes = 0;
  BlockRule rule = BlockRule::every_block;
  std::uint64_t most_blocks = UINT64_MAX;  ///< that it looks at
  std::vector<BlockTest> tests{};
  /// Adds what the block shows to one tally for each test; from any thread.
  std::function<void(std::span<const std::byte> block, std::span<Tally> tallies)> look{};
};

std::unique_ptr<SuiteRun> run_of(BlockSuite suite);

}  // namespace lightseed::stats
