// SPDX-License-Identifier: Apache-2.0
#include "stats/verdict/verdict.h"

#include <catch2/catch.hpp>
#include <cmath>
#include <functional>
#include <random>

#include "stats/special/binomial.h"
#include "stats/verdict/second_level.h"

using namespace lightseed;
using namespace lightseed::stats;

namespace {

AuditItem item_of(std::uint64_t sequences, const std::function<double(std::uint64_t)>& p_of) {
  AuditItem item;
  for (std::uint64_t i = 0; i < sequences; ++i)
    add(item, p_of(i), p_of(i));
  return item;
}

double joint(const AuditItem& item, const Calibration& calibration = {}) {
  return joint_probability(item, calibration);
}

AuditTest test_of(const std::string& id, std::vector<double> joints) {
  AuditTest test{.id = id, .clause = ""};
  for (const double p : joints) {
    AuditItem item;
    item.sequences = 1;
    item.joint = p;
    test.items.push_back(item);
  }
  return test;
}

}  // namespace

TEST_CASE("binomial tails are exact") {
  CHECK(binomial_at_least(1, 1, 0.01) == Approx(0.01));
  CHECK(binomial_at_most(0, 20, 0.01) == Approx(std::pow(0.99, 20)).epsilon(1e-13));
  CHECK(binomial_at_least(3, 3, 1e-100) == Approx(1e-300).epsilon(1e-12));
  // P(X >= 10275) of 20,000 fair bits, summed as whole numbers: FIPS 140-2's monobit.
  CHECK(2 * binomial_at_least(10'275, 20'000, 0.5) == Approx(1.034970030067946e-4).epsilon(1e-12));
  CHECK(binomial_at_least(0, 5, 0.3) == 1);
  CHECK(binomial_at_most(5, 5, 0.3) == 1);
  CHECK(binomial_at_least(6, 5, 0.3) == 0);
  CHECK(normal_quantile(0.5) == Approx(0).margin(1e-15));
  CHECK(normal_quantile(1e-6) == Approx(4.753424308822899).epsilon(1e-12));
}

TEST_CASE("Holm's adjusted values keep the order and never fall") {
  CHECK(holm(std::vector<double>{0.01, 0.04, 0.03}) == std::vector<double>{0.03, 0.06, 0.06});
  CHECK(holm(std::vector<double>{0.9, 0.5}) == std::vector<double>{1, 1});
  CHECK(holm({}).empty());
}

TEST_CASE("an item's p-values are judged from both sides") {
  std::mt19937_64 random(5);
  std::uniform_real_distribution<double> uniform;
  const AuditItem good = item_of(1000, [&](auto) { return uniform(random); });
  CHECK(joint(good, {.fine = true}) > 0.01);
  // Too many small ones, one far too small, all too large, too even.
  CHECK(joint(item_of(1000, [](auto i) { return i % 20 == 0 ? 0.005 : 0.02 + 0.0009 * static_cast<double>(i); })) <
        1e-6);
  CHECK(joint(item_of(1, [](auto) { return 1e-9; })) < 1e-8);
  CHECK(joint(item_of(1, [](auto) { return 0.0; })) == 0);
  CHECK(joint(item_of(1, [](auto) { return 1 - 1e-9; }), {.fine = true}) < 1e-8);
  CHECK(joint(item_of(1, [](auto) { return 1.0; })) > 0.01);  // a difference of 0 says nothing
  CHECK(joint(item_of(100, [](auto) { return 0.995; })) < 1e-6);
  CHECK(joint(item_of(1000, [](auto i) { return (static_cast<double>(i % 10) + 0.5) / 10; })) < 1e-6);
  CHECK(joint(item_of(200, [](auto) { return 0.55; })) < 1e-6);
  CHECK(joint(AuditItem{}) == 1);
  // With what is known of the test's p-values, what looks bad need not be.
  const Calibration halves{.truth = [](double p) { return p / 2; }};
  CHECK(joint(item_of(1, [](auto) { return 1e-7; }), halves) == Approx(joint(item_of(1, [](auto) { return 5e-8; }))));
}

TEST_CASE("three outcomes, and what would settle the one between") {
  std::vector<AuditSuite> suites{{.id = "a"}, {.id = "b"}};
  suites[0].tests = {test_of("x", {0.3, 1e-5}), test_of("y", {0.5})};
  suites[1].tests = {test_of("z", {0.2}), {.id = "short", .clause = "", .outcome = AuditOutcome::not_run}};
  AuditVerdict verdict = judge(suites);
  CHECK(verdict.outcome == AuditOutcome::retest);
  CHECK(verdict.chance == Approx(6e-5));  // two items, three groups
  CHECK(verdict.groups.front().test == "x");
  CHECK(verdict.groups.size() == 3);
  CHECK(suites[0].tests[0].outcome == AuditOutcome::retest);
  CHECK(suites[0].tests[1].outcome == AuditOutcome::pass);
  CHECK(suites[1].tests[1].outcome == AuditOutcome::not_run);
  CHECK(verdict.more_data.value_or(0) > 1);

  suites[0].tests[0].items[0].joint = 1e-8;
  verdict = judge(suites);
  CHECK(verdict.outcome == AuditOutcome::fail);
  CHECK_FALSE(verdict.more_data);

  suites[0].tests[0] = test_of("x", {0.3, 0.001});
  CHECK(judge(suites).outcome == AuditOutcome::pass);

  suites.pop_back();
  suites[0].tests = {{.id = "short", .clause = "", .outcome = AuditOutcome::not_run}};
  CHECK(judge(suites).outcome == AuditOutcome::not_run);
  // A suite that only describes wants no more data.
  suites[0].tests = {{.id = "mean", .clause = "", .figures = {{"value", 127.5}}}};
  CHECK(judge(suites).outcome == AuditOutcome::not_applicable);
}
