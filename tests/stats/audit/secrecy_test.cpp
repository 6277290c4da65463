// SPDX-License-Identifier: Apache-2.0
#include "stats/audit/secrecy.h"

#include <catch2/catch.hpp>
#include <cmath>

#include "core/error.h"
#include "evidence/json_text.h"
#include "stats/audit/audit.h"
#include "tests/stats/random_bytes.h"

using namespace lightseed;
using namespace lightseed::stats;

namespace {

AuditRecord audit_of(std::size_t bytes) {
  Audit audit({});
  audit.add(test::random_bytes(bytes, 41));
  return audit.finish();
}

}  // namespace

TEST_CASE("of secret data one number a test is left") {
  const AuditRecord before = audit_of(250'000);
  AuditRecord after = before;
  keep_one_number_a_test(after);
  std::size_t numbers = 0;
  for (const AuditSuite& suite : after.suites) {
    CHECK(suite.id != "ent");
    CHECK(suite.listed == 0);
    for (const AuditTest& test : suite.tests) {
      CHECK(test.items.empty());
      CHECK(test.p.empty());
      CHECK(test.q.empty());
      CHECK(test.figures.empty());
    }
  }
  REQUIRE(after.verdict.groups.size() == before.verdict.groups.size());
  for (std::size_t k = 0; k < after.verdict.groups.size(); ++k) {
    const double was = before.verdict.groups[k].p;
    const double is = after.verdict.groups[k].p;
    CHECK(is == Approx(was).epsilon(6e-3));
    const double digits = is / std::pow(10.0, std::floor(std::log10(is)) - 2);
    CHECK(digits == Approx(std::round(digits)).margin(1e-6));
    ++numbers;
  }
  CHECK(numbers < 64);
  CHECK(after.verdict.outcome == before.verdict.outcome);
  // Whatever is added to the record later: it must not carry more than this either.
  CHECK(json_text(to_json(after)).size() < 16'000);
}

TEST_CASE("an audit of little secret data would give it away, and is refused") {
  auto little = audit_of(124'999);
  CHECK_THROWS_AS(keep_one_number_a_test(little), Error);
  auto enough = audit_of(125'000);
  CHECK_NOTHROW(keep_one_number_a_test(enough));
}

TEST_CASE("of keys whose audit everybody may read, outcomes alone are left") {
  const AuditRecord before = audit_of(250'000);
  const std::vector<KeyAuditSuite> after = outcomes_alone(before);
  REQUIRE(after.size() + 1 == before.suites.size());  // but ent
  std::size_t run = 0;
  for (std::size_t s = 0; s < after.size(); ++s) {
    CHECK(after[s].id == before.suites[s].id);
    REQUIRE(after[s].tests.size() == before.suites[s].tests.size());
    for (std::size_t t = 0; t < after[s].tests.size(); ++t) {
      CHECK(after[s].tests[t].outcome == before.suites[s].tests[t].outcome);
      CHECK(after[s].tests[t].needed_bits.has_value() == (after[s].tests[t].outcome == AuditOutcome::not_run));
      run += after[s].tests[t].outcome == AuditOutcome::pass ? 1 : 0;
    }
  }
  CHECK(run > 30);
}

TEST_CASE("other keys with the same outcomes have the same public record") {
  const auto first = audit_of(62'500);
  Audit audit({});
  audit.add(test::random_bytes(62'500, 42));
  const AuditRecord second = audit.finish();
  REQUIRE(to_json(first) != to_json(second));
  CHECK(outcomes_alone(first) == outcomes_alone(second));
}
