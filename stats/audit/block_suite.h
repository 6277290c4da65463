// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "stats/audit/suite.h"

namespace lightseed::stats {

struct BlockTest {
  std::string_view id;
  std::string_view clause;
  double rate = 0;  ///< of blocks from a perfect source that fail
};

/// A battery whose tests have fixed bounds on blocks of fixed length, as data.
struct BlockSuite {
  std::string id;
  std::string clause{};  ///< of the rule: every block passes every test
  std::size_t block_bytes = 0;
  std::vector<BlockTest> tests{};
  double rate = 0;  ///< of blocks from a perfect source that fail at least one test
  /// Which tests the block fails, as a mask: bit t for test t; from any thread.
  std::function<unsigned(std::span<const std::byte> block)> failures{};
};

std::unique_ptr<SuiteRun> run_of(BlockSuite suite);

}  // namespace lightseed::stats
