// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "stats/audit/suite.h"
#include "stats/battery.h"
#include "stats/input/bit_string.h"
#include "stats/verdict/second_level.h"

namespace lightseed::stats {

/// What a standard asks of the p-values of many sequences.
enum class ProportionRule {
  both_sides,  ///< SP 800-22 4.2.1: the share that passes within 0.99 ± 3 standard deviations
  not_fewer,   ///< GM/T 0005 6.2: at least 0.99 less 3 standard deviations
};

struct PValueTest {
  std::string_view id;
  std::string_view clause;
  std::uint64_t least_bits = 0;
  Calibration calibration{};
};

/// A battery that gives p-values for each sequence, as data.
/// A standard's plan of so many sequences and no more.
struct PValuePlan {
  std::uint64_t sequences = 0;
  bool may_be_repeated = false;  ///< once, with fresh data, where it is not met
};

struct PValueSuite {
  std::string id;
  std::string profile{};
  std::optional<AuditParameters> parameters{};
  std::string clauses{};            ///< of the rule below, for the report: "SP 800-22 4.2"
  std::uint64_t sequence_bits = 0;  ///< a multiple of 8
  bool may_be_shorter = true;       ///< one shorter sequence is taken where the stream has no whole one
  ProportionRule rule = ProportionRule::both_sides;
  std::optional<PValuePlan> plan{};
  std::vector<PValueTest> tests{};
  /// One result for each test, nothing where the sequence is too short for it; from any thread.
  std::function<std::vector<std::optional<TestResult>>(const BitString& bits)> run{};
};

/// Of so many sequences, the p-values are kept one by one; the numbers go on. As JSON all suites then take 100 MB.
inline constexpr std::uint64_t most_listed = 2'500;

std::unique_ptr<SuiteRun> run_of(PValueSuite suite);

/// Fewest and most of `sequences` that may pass by the rule, as real numbers.
struct Bounds {
  double least = 0;
  double most = 0;
};
Bounds proportion_bounds(ProportionRule rule, std::uint64_t sequences);

/// How often an ideal source would not meet the standard's own rule, were its items independent.
double false_rejections(ProportionRule rule, const AuditSuite& suite);

}  // namespace lightseed::stats
