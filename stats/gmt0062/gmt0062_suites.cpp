// SPDX-License-Identifier: Apache-2.0
#include "stats/gmt0062/gmt0062_suites.h"

#include <algorithm>

#include "stats/audit/p_value_suite.h"
#include "stats/gmt0005/gmt0005.h"
#include "stats/sequence/spectrum_cache.h"

namespace lightseed::stats {
namespace {

constexpr unsigned longest_suite_pattern = 8;  // approximate entropy of 7 bits looks at 8
constexpr std::string_view profile = "2021";
constexpr std::uint64_t least_poker_bits = 128;
constexpr std::string_view origin = "the plans of open implementations (Trisia, Tongsuo)";

struct Plan {
  std::string_view id;
  std::string_view name;
  std::uint64_t sequences;
  std::uint64_t sequence_bits;
  bool may_be_repeated;
};

using Tests = std::vector<BatteryTest<gmt0005::Facts>>;

/// The tests of GM/T 0005 that a plan with such sequences has. The plan of short sequences has the rank test too, on
/// fewer matrices than GM/T 0005 by itself takes.
Tests tests_of(const Plan& plan) {
  Tests chosen;
  for (const auto& test : gmt0005::tests()) {
    const bool structure = test.least_bits >= gmt0005::least_for_structure;
    if (structure && plan.sequence_bits < gmt0005::least_for_structure) continue;
    chosen.push_back(test);
    chosen.back().least_bits = std::min(test.least_bits, plan.sequence_bits);
  }
  return chosen;
}

std::unique_ptr<SuiteRun> begin(const Plan& plan) {
  PValueSuite suite{.id = std::string(plan.id),
                    .parameters = AuditParameters{.verified = false, .origin = std::string(origin)},
                    .clauses = "GM/T 0062 class E, " + std::string(plan.name),
                    .sequence_bits = plan.sequence_bits,
                    .may_be_shorter = false,
                    .rule = ProportionRule::not_fewer,
                    .plan = PValuePlan{.sequences = plan.sequences, .may_be_repeated = plan.may_be_repeated}};
  const Tests tests = tests_of(plan);
  for (const auto& test : tests) {
    suite.tests.push_back(
        {test.id, test.clause, test.least_bits, {.fine = test.id == "block-frequency" || test.id == "poker"}});
  }
  suite.run = [tests, spectra = std::make_shared<SpectrumCache>()](const BitString& bits) {
    const Sequence sequence(bits, longest_suite_pattern);
    const gmt0005::Facts facts{sequence, gmt0005::parameters_for(profile, bits.size()), spectra->of(bits.size())};
    return run_battery(tests, facts, bits.size());
  };
  return run_of(std::move(suite));
}

}  // namespace

std::unique_ptr<SuiteRun> begin_gmt0062_delivery(const SuiteOptions& /*options*/) {
  return begin({"gmt0062-delivery", "delivery", 50, 1'000'000, true});
}

std::unique_ptr<SuiteRun> begin_gmt0062_power_on(const SuiteOptions& /*options*/) {
  return begin({"gmt0062-power-on", "power-on", 20, 1'000'000, false});
}

std::unique_ptr<SuiteRun> begin_gmt0062_periodic(const SuiteOptions& /*options*/) {
  return begin({"gmt0062-periodic", "periodic", 20, 20'000, false});
}

std::unique_ptr<SuiteRun> begin_gmt0062_single(const SuiteOptions& options) {
  PValueSuite suite{.id = "gmt0062-single",
                    .parameters = AuditParameters{.verified = false, .origin = std::string(origin)},
                    .clauses = "GM/T 0062 class E, single use",
                    .sequence_bits = options.sequence_bits.value_or(1'000'000),
                    .may_be_shorter = !options.sequence_bits,
                    .rule = ProportionRule::not_fewer,
                    .tests = {{"poker", "GM/T 0005 5.3", least_poker_bits, {}}}};
  suite.run = [](const BitString& bits) {
    std::vector<std::optional<TestResult>> results(1);
    if (bits.size() < least_poker_bits) return results;
    const double p = gmt0005::poker(bits, gmt0062_poker_width(bits.size()));
    results[0] = TestResult{.p = {p}, .q = {p}};
    return results;
  };
  return run_of(std::move(suite));
}

unsigned gmt0062_poker_width(std::uint64_t bits) noexcept {
  if (bits < 320) return 2;
  return bits < 10'240 ? 4 : 8;
}

}  // namespace lightseed::stats
