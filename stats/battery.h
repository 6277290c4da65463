// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace lightseed::stats {

/// What a test with a distribution says of one sequence. Tests with fixed bounds on blocks (FIPS 140-2, AIS 31) are
/// rows of a BlockSuite (stats/audit/block_suite.h).
struct TestResult {
  std::vector<std::optional<double>> p{};  ///< in the standard's order; nothing: not applicable to these data
  std::vector<std::optional<double>> q{};  ///< GM/T 0005's one-sided values, where the battery has them
  std::vector<std::pair<std::string, double>> figures{};
};

/// One test of a battery. `Facts` is what the battery prepares from a sequence so that tests share their main steps:
/// histograms, runs, the random walk.
template <typename Facts>
struct BatteryTest {
  std::string_view id;
  std::string_view clause;
  std::uint64_t least_bits = 0;  ///< a shorter sequence is NOT RUN, never failed
  TestResult (*run)(const Facts& facts) = nullptr;
};

/// The result of each test on one sequence of `bits`; nothing where the sequence is too short.
template <typename Facts>
std::vector<std::optional<TestResult>> run_battery(const std::vector<BatteryTest<Facts>>& battery, const Facts& facts,
                                                   std::uint64_t bits) {
  std::vector<std::optional<TestResult>> results;
  results.reserve(battery.size());
  for (const BatteryTest<Facts>& test : battery)
    results.push_back(bits < test.least_bits ? std::nullopt : std::optional(test.run(facts)));
  return results;
}

}  // namespace lightseed::stats
