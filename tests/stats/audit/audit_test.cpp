// SPDX-License-Identifier: Apache-2.0
#include "stats/audit/audit.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <fstream>
#include <iterator>
#include <random>

#include "core/error.h"
#include "stats/audit/p_value_suite.h"
#include "tests/stats/random_bytes.h"
#include "tests/test_paths.h"

using namespace lightseed;
using namespace lightseed::stats;
using test::random_bytes;

namespace {

AuditRecord audit_of(AuditOptions options, std::span<const std::byte> bytes, std::size_t piece = 1 << 20) {
  Audit audit(std::move(options));
  for (std::size_t at = 0; at < bytes.size(); at += piece)
    audit.add(bytes.subspan(at, std::min(piece, bytes.size() - at)));
  return audit.finish();
}

const AuditSuite& suite_named(const AuditRecord& record, const std::string& id) {
  for (const AuditSuite& suite : record.suites) {
    if (suite.id == id) return suite;
  }
  throw std::logic_error("no suite " + id);
}

const AuditTest& test_named(const AuditRecord& record, const std::string& suite, const std::string& id) {
  for (const AuditTest& test : suite_named(record, suite).tests) {
    if (test.id == id) return test;
  }
  throw std::logic_error("no test " + id);
}

}  // namespace

TEST_CASE("an audit does not depend on pieces or threads") {
  const auto bytes = random_bytes(5'300'000, 1);
  const auto audited = [&](unsigned threads, std::size_t piece) {
    const std::vector<std::string> quick{"sp800-22", "gmt0005", "fips140-2", "ent"};
    return to_json(audit_of({.suites = quick, .sequence_bits = 100'000, .threads = threads}, bytes, piece));
  };
  const Json one = audited(1, 1 << 20);
  CHECK(one == audited(3, 777));
  CHECK(one["suites"][0]["sequences"] == 424);
  CHECK(one["verdict"]["outcome"] == "pass");
}

TEST_CASE("all values of a suite are in the record, sequence by sequence") {
  std::ifstream file(std::string(test::data_folder()) + "/sp800_90b/e.bin", std::ios::binary);
  const std::vector<char> raw{std::istreambuf_iterator<char>(file), {}};
  const auto record =
      audit_of({.suites = {"sp800-22"}, .profile = "sts-2.1.2"}, std::as_bytes(std::span(raw)).first(125'000));
  REQUIRE(record.suites.size() == 1);
  CHECK(record.suites[0].profile == "sts-2.1.2");
  CHECK(record.suites[0].sequence_bits == 1'000'000);
  std::size_t values = 0;
  for (const AuditTest& test : record.suites[0].tests)
    values += test.p.size();
  CHECK(values == 188);
  CHECK(test_named(record, "sp800-22", "linear-complexity").p.at(0).value_or(0) == Approx(0.826335).margin(5e-7));
  CHECK(record.verdict.outcome == AuditOutcome::pass);
}

TEST_CASE("too little data is NOT RUN with what is needed, never FAIL") {
  const auto record = audit_of({}, random_bytes(25, 3));
  CHECK(test_named(record, "sp800-22", "frequency").outcome == AuditOutcome::pass);
  const AuditTest& rank = test_named(record, "sp800-22", "rank");
  CHECK(rank.outcome == AuditOutcome::not_run);
  CHECK(rank.needed_bits == 38'912);
  CHECK(test_named(record, "fips140-2", "poker").needed_bits == 20'000);
  CHECK(record.suites[0].sequence_bits == 200);
  const auto nothing = audit_of({}, random_bytes(3, 3));
  CHECK(nothing.verdict.outcome == AuditOutcome::not_run);
  CHECK(audit_of({}, {}).verdict.outcome == AuditOutcome::not_run);
}

TEST_CASE("what is behind the last whole sequence is on record") {
  const auto record = audit_of({.sequence_bits = 80'000}, random_bytes(25'007, 4));
  CHECK(record.suites[0].sequences == 2);
  CHECK(record.suites[0].trailing_bits == 5007 * 8);
  const AuditSuite& fips = suite_named(record, "fips140-2");
  CHECK(fips.sequences == 10);
  CHECK(fips.trailing_bits == 7 * 8);
  CHECK(record.bits == 25'007 * 8);
}

TEST_CASE("what is not random fails") {
  CHECK(audit_of({}, std::vector<std::byte>(125'000)).verdict.outcome == AuditOutcome::fail);
  CHECK(audit_of({}, std::vector<std::byte>(125'000, std::byte{0x55})).verdict.outcome == AuditOutcome::fail);
  auto biased = random_bytes(250'000, 7);
  for (std::size_t i = 0; i < biased.size(); i += 20)
    biased[i] |= std::byte{0x80};
  CHECK(audit_of({}, biased).verdict.outcome == AuditOutcome::fail);
  // Too even: every byte value equally often, in an order that changes.
  std::vector<std::byte> even;
  std::mt19937 random(8);
  std::vector<std::byte> all;
  for (int k = 0; k < 256; ++k)
    all.push_back(static_cast<std::byte>(k));
  while (even.size() < 250'000) {
    std::shuffle(all.begin(), all.end(), random);
    even.insert(even.end(), all.begin(), all.end());
  }
  CHECK(audit_of({}, even).verdict.outcome == AuditOutcome::fail);
}

TEST_CASE("a runs test that the standard sets to 0 rejects no perfect source by itself") {
  // One more one in every 200 bits or so: five deviations of a single sequence, not what fails a million to one.
  auto bytes = random_bytes(125'000, 11);
  for (std::size_t i = 0; i < 8'600; ++i)
    bytes[i] |= std::byte{1};
  const auto record = audit_of({.suites = {"sp800-22"}}, bytes);
  REQUIRE(test_named(record, "sp800-22", "runs").p.at(0) == 0.0);
  CHECK(test_named(record, "sp800-22", "runs").items.at(0).joint > 6e-5);
}

TEST_CASE("a standard's own bounds are as it writes them") {
  CHECK(std::ceil(proportion_bounds(ProportionRule::not_fewer, 1000).least) == 981);
  CHECK(std::ceil(proportion_bounds(ProportionRule::both_sides, 20).least) == 19);
  CHECK(std::ceil(proportion_bounds(ProportionRule::both_sides, 50).least) == 48);
  CHECK(std::ceil(proportion_bounds(ProportionRule::both_sides, 100).least) == 97);
  CHECK(std::ceil(proportion_bounds(ProportionRule::both_sides, 300).least) == 292);
  // Exact rates at which one item of a perfect source is rejected.
  AuditSuite suite{.id = "x"};
  suite.tests.push_back({.id = "t", .clause = ""});
  suite.tests[0].items.resize(1);
  const auto rate = [&](std::uint64_t n) {
    suite.tests[0].items[0].sequences = n;
    return false_rejections(ProportionRule::not_fewer, suite);
  };
  CHECK(rate(20) == Approx(0.0169).margin(5e-5));
  CHECK(rate(50) == Approx(0.0138).margin(5e-5));
  CHECK(rate(300) == Approx(0.0036).margin(5e-5));
  CHECK(rate(1000) == Approx(0.0033).margin(5e-5));
}

TEST_CASE("wrong names and lengths are refused with what there is") {
  using Catch::Contains;
  CHECK_THROWS_WITH(
      Audit({.suites = {"sp80022"}}),
      Contains("sp800-22, gmt0005, ais31-a, ais31-b, ais31-2024, fips140-2, pooled, ent, gmt0062-delivery"));
  CHECK_THROWS_WITH(Audit({.profile = "nist"}), Contains("sts-2.1.2"));
  CHECK_THROWS_WITH(Audit({.suites = {"fips140-2"}, .sequence_bits = 800}), Contains("fixed"));
  CHECK_THROWS_WITH(Audit({.sequence_bits = 1001}), Contains("multiple of 8"));
}
