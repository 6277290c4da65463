// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <catch2/catch.hpp>
#include <set>
#include <string>

#include "stats/audit/audit.h"
#include "stats/gmt0005/gmt0005.h"
#include "stats/gmt0062/gmt0062_suites.h"
#include "stats/sequence/sequence.h"
#include "tests/stats/random_bytes.h"

using namespace lightseed;
using namespace lightseed::stats;
using test::random_bytes;

namespace {

AuditRecord audit_of(const std::string& suite, const std::vector<std::byte>& bytes,
                     std::optional<std::uint64_t> sequence_bits = {}) {
  Audit audit({.suites = {suite}, .sequence_bits = sequence_bits});
  audit.add(bytes);
  return audit.finish();
}

/// Sequences of 20,000 bits of which every one of the first `bad` is a single value.
std::vector<std::byte> with_bad(std::size_t sequences, std::size_t sequence_bytes, std::size_t bad) {
  auto bytes = random_bytes(sequences * sequence_bytes, 61);
  std::fill_n(bytes.begin(), static_cast<std::ptrdiff_t>(bad * sequence_bytes), std::byte{0});
  return bytes;
}

}  // namespace

TEST_CASE("GM/T 0062: the periodic plan takes twelve tests on twenty short sequences") {
  const auto passed = audit_of("gmt0062-periodic", random_bytes(20 * 2'500 + 777, 62));
  const AuditSuite& suite = passed.suites.at(0);
  CHECK(suite.tests.size() == 12);
  std::set<std::string> ids;
  for (const AuditTest& test : suite.tests) {
    ids.insert(test.id);
    CHECK(test.outcome == AuditOutcome::pass);
    CHECK(!test.items.empty());
  }
  CHECK(ids.count("dft") + ids.count("linear-complexity") + ids.count("universal") == 0);
  CHECK(suite.sequences == 20);
  CHECK(suite.sequence_bits == 20'000);
  CHECK(suite.trailing_bits == 777 * 8);
  CHECK(!suite.parameters->verified);
}

TEST_CASE("GM/T 0062: a plan is met when 19 of 20 sequences pass each test") {
  const auto outcome = [](std::size_t bad) {
    return audit_of("gmt0062-periodic", with_bad(20, 2'500, bad)).suites.at(0).as_written;
  };
  CHECK(outcome(2) == AuditOutcome::fail);
  // Among twelve tests some single statistic of good sequences fails here and there; frequency of one bad one is 19
  // of 20.
  const auto one = audit_of("gmt0062-periodic", with_bad(20, 2'500, 1));
  CHECK(one.suites.at(0).tests.at(0).items.at(0).as_written);
  const auto two = audit_of("gmt0062-periodic", with_bad(20, 2'500, 2));
  CHECK_FALSE(two.suites.at(0).tests.at(0).items.at(0).as_written);
}

TEST_CASE("GM/T 0062: too little data for a plan is NOT RUN, with what it takes") {
  const auto short_one = audit_of("gmt0062-power-on", random_bytes(125'000, 63));
  const AuditSuite& suite = short_one.suites.at(0);
  CHECK(suite.as_written == AuditOutcome::not_run);
  CHECK_THAT(suite.rule, Catch::Contains("wants 20 sequences of 1000000 bits; there were 1"));
  const auto nothing = audit_of("gmt0062-delivery", random_bytes(100, 64));
  CHECK(nothing.suites.at(0).tests.at(0).needed_bits == 50'000'000);
  CHECK(nothing.verdict.outcome == AuditOutcome::not_run);
}

TEST_CASE("GM/T 0062: delivery takes fifteen tests and may be repeated") {
  const auto bad = audit_of("gmt0062-delivery", with_bad(50, 125'000, 3));
  CHECK(bad.suites.at(0).tests.size() == 15);
  CHECK(bad.suites.at(0).as_written == AuditOutcome::retest);
  CHECK_THAT(bad.suites.at(0).rule, Catch::Contains("may be repeated once"));
}

TEST_CASE("GM/T 0062: a single use is judged by poker, whose pattern fits the length") {
  CHECK(gmt0062_poker_width(128) == 2);
  CHECK(gmt0062_poker_width(319) == 2);
  CHECK(gmt0062_poker_width(320) == 4);
  CHECK(gmt0062_poker_width(10'239) == 4);
  CHECK(gmt0062_poker_width(10'240) == 8);
  const auto bytes = random_bytes(16, 65);
  const auto record = audit_of("gmt0062-single", bytes);
  REQUIRE(record.suites.at(0).tests.size() == 1);
  CHECK(record.suites[0].tests[0].p.at(0) == gmt0005::poker(packed_bits(bytes, 128), 2));
  CHECK(record.suites[0].as_written == AuditOutcome::pass);
  CHECK(audit_of("gmt0062-single", std::vector<std::byte>(16)).suites[0].as_written == AuditOutcome::fail);
  CHECK(audit_of("gmt0062-single", random_bytes(15, 66)).verdict.outcome == AuditOutcome::not_run);
  CHECK(audit_of("gmt0062-single", random_bytes(3'200, 67), 256).suites[0].sequences == 100);
}

TEST_CASE("plans run by name alone") {
  Audit audit({});
  audit.add(random_bytes(100, 68));
  for (const AuditSuite& suite : audit.finish().suites)
    CHECK_THAT(suite.id, !Catch::StartsWith("gmt0062"));
}
