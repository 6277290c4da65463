// SPDX-License-Identifier: Apache-2.0
#include "evidence/key_audit_record.h"

#include <catch2/catch.hpp>

#include "tests/category_of.h"

using namespace lightseed;
using test::category_of;

namespace {

KeyAuditRecord key_audit() {
  return {.batch = "019a0000-0000-7000-8000-000000000001",
          .bits = 200'000'000,
          .first_bits = 100'000'000,
          .suites = {{.id = "sp800-22",
                      .profile = "corrected",
                      .sequences = 100,
                      .sequence_bits = 1'000'000,
                      .tests = {{.id = "frequency", .outcome = AuditOutcome::pass},
                                {.id = "universal", .outcome = AuditOutcome::not_run, .needed_bits = 387'840},
                                {.id = "random-excursions", .outcome = AuditOutcome::not_applicable}}},
                     {.id = "pooled",
                      .sequences = 1,
                      .sequence_bits = 200'000'000,
                      .tests = {{.id = "ones", .outcome = AuditOutcome::pass}}}}};
}

KeyAuditRecord read_back(const Json& json) {
  return key_audit_record_from(ObjectReader(json, ""));
}

}  // namespace

TEST_CASE("key audit record: what is written is read, and no number but amounts is in it") {
  const KeyAuditRecord before = key_audit();
  const Json json = to_json(before);
  const KeyAuditRecord after = read_back(json);
  CHECK(after.batch == before.batch);
  CHECK(after.suites == before.suites);
  CHECK(to_json(after) == json);
  CHECK(json["audit"]["verdict"] == "pass");
  CHECK(json["audit"]["suites"][0]["tests"][0].size() == 2);
  CHECK_THAT(std::string(key_audit_rule), Catch::StartsWith("Sanity, not proof: "));
}

TEST_CASE("key audit record: the summary counts, and its verdict is the worst outcome of what was judged") {
  KeyAuditRecord changed = key_audit();
  KeyAuditSummary summary = summary_of(changed);
  CHECK(summary.suites == std::vector<std::string>{"sp800-22", "pooled"});
  CHECK(summary.pass == 2);
  CHECK(summary.not_run == 1);
  CHECK(summary.not_applicable == 1);
  CHECK(summary.verdict() == AuditOutcome::pass);
  CHECK_THAT(words_for(summary), Catch::StartsWith("PASS (sanity, not proof): 2 of 2 tests pass, by 2 suites") &&
                                     Catch::Contains("on 200000000 bits, most on the first 100000000") &&
                                     Catch::Contains("1 not run"));
  changed.suites[1].tests[0].outcome = AuditOutcome::retest;
  CHECK(summary_of(changed).verdict() == AuditOutcome::retest);
  changed.suites[0].tests[0].outcome = AuditOutcome::fail;
  CHECK(summary_of(changed).verdict() == AuditOutcome::fail);
  changed.suites[0].tests.clear();
  changed.suites[1].tests = {{.id = "ones", .outcome = AuditOutcome::not_run, .needed_bits = 100}};
  CHECK(summary_of(changed).verdict() == AuditOutcome::not_run);
  CHECK(summary_of(changed).judged() == 0);
  changed.suites[1].tests.clear();
  CHECK(summary_of(changed).verdict() == AuditOutcome::not_applicable);

  const Json json = to_json(summary);
  ObjectReader reader(json, "audit");
  CHECK(take_key_audit_summary(reader) == summary);
  reader.finish();
}

TEST_CASE("key audit record: a verdict that does not follow, a number too many or a strange member is no record") {
  const Json honest = to_json(key_audit());
  REQUIRE_NOTHROW(read_back(honest));
  for (const auto& [where, lie] :
       std::vector<std::pair<const char*, Json>>{{"/schema", "lightseed/key-audit/v2"},
                                                 {"/audit/verdict", "retest"},
                                                 {"/audit/rule", "Proof."},
                                                 {"/audit/bits", -1},
                                                 {"/audit/bits", 2e8},
                                                 {"/audit/first_bits", "all"},
                                                 {"/audit/p", 0.5},
                                                 {"/audit/suites", Json::object()},
                                                 {"/audit/suites/0/p", Json::array({0.5})},
                                                 {"/audit/suites/0/tests/0/outcome", "perfect"},
                                                 {"/audit/suites/0/tests/0/outcome", "retest"},
                                                 {"/audit/suites/0/tests/0/outcome", "not-run"},
                                                 {"/audit/suites/0/tests/0/p", 0.5},
                                                 {"/audit/suites/0/tests/0/needed_bits", 1},
                                                 {"/audit/suites/0/tests/1/needed_bits", 0},
                                                 {"/audit/suites/0/tests/1/outcome", "pass"},
                                                 {"/audit/suites/0/sequences", nullptr}}) {
    CAPTURE(where, lie);
    Json told = honest;
    told[Json::json_pointer(where)] = lie;
    CHECK(category_of([&] { (void)read_back(told); }) == Category::malformed);
  }
  Json many = honest;
  while (many["audit"]["suites"].size() < 33)
    many["audit"]["suites"].push_back(many["audit"]["suites"][1]);
  CHECK(category_of([&] { (void)read_back(many); }) == Category::malformed);
  Json tests = honest;
  while (tests["audit"]["suites"][0]["tests"].size() < 257)
    tests["audit"]["suites"][0]["tests"].push_back(tests["audit"]["suites"][0]["tests"][0]);
  CHECK(category_of([&] { (void)read_back(tests); }) == Category::malformed);
}
