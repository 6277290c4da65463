// SPDX-License-Identifier: Apache-2.0
#include "evidence/key_audit_record.h"

#include <fmt/format.h>

#include <utility>

namespace lightseed {
namespace {

constexpr AuditOutcome key_audit_outcomes[] = {AuditOutcome::pass, AuditOutcome::retest, AuditOutcome::fail,
                                               AuditOutcome::not_run, AuditOutcome::not_applicable};
constexpr std::size_t most_key_audit_suites = 32;
constexpr std::size_t most_key_audit_tests = 256;

Json json_of(const KeyAuditTest& test) {
  Json json{{"id", test.id}, {"outcome", name_of(test.outcome)}};
  if (test.needed_bits) json["needed_bits"] = *test.needed_bits;
  return json;
}

Json json_of(const KeyAuditSuite& suite) {
  Json json{{"id", suite.id}};
  if (!suite.profile.empty()) json["profile"] = suite.profile;
  json["sequences"] = suite.sequences;
  json["sequence_bits"] = suite.sequence_bits;
  json["tests"] = Json::array();
  for (const KeyAuditTest& test : suite.tests)
    json["tests"].push_back(json_of(test));
  return json;
}

KeyAuditTest key_audit_test_from(ObjectReader reader) {
  KeyAuditTest test{.id = reader.text("id"), .outcome = take_enum(reader, "outcome", key_audit_outcomes)};
  if (test.outcome == AuditOutcome::not_run) test.needed_bits = reader.count("needed_bits", 1);
  reader.finish();
  return test;
}

KeyAuditSuite key_audit_suite_from(ObjectReader reader) {
  KeyAuditSuite suite{.id = reader.text("id")};
  if (reader.has("profile")) suite.profile = reader.text("profile");
  suite.sequences = reader.count("sequences");
  suite.sequence_bits = reader.count("sequence_bits");
  for (ObjectReader& test : reader.objects("tests", most_key_audit_tests))
    suite.tests.push_back(key_audit_test_from(std::move(test)));
  reader.finish();
  return suite;
}

/// Beside what it follows from.
void take_key_audit_verdict(ObjectReader& reader, const KeyAuditSummary& summary) {
  reader.literal("verdict", name_of(summary.verdict()));
  reader.literal("rule", key_audit_rule);
}

}  // namespace

AuditOutcome KeyAuditSummary::verdict() const noexcept {
  if (fail > 0) return AuditOutcome::fail;
  if (retest > 0) return AuditOutcome::retest;
  if (pass > 0) return AuditOutcome::pass;
  return not_run > 0 ? AuditOutcome::not_run : AuditOutcome::not_applicable;
}

KeyAuditSummary summary_of(const KeyAuditRecord& record) {
  KeyAuditSummary summary{.bits = record.bits, .first_bits = record.first_bits};
  for (const KeyAuditSuite& suite : record.suites) {
    summary.suites.push_back(suite.id);
    for (const KeyAuditTest& test : suite.tests) {
      switch (test.outcome) {
        case AuditOutcome::pass: ++summary.pass; break;
        case AuditOutcome::retest: ++summary.retest; break;
        case AuditOutcome::fail: ++summary.fail; break;
        case AuditOutcome::not_run: ++summary.not_run; break;
        case AuditOutcome::not_applicable: ++summary.not_applicable; break;
      }
    }
  }
  return summary;
}

std::string words_for(const KeyAuditSummary& summary) {
  std::string words =
      fmt::format("{} (sanity, not proof): {} of {} tests pass, by {} suites on {} bits", capitals(summary.verdict()),
                  summary.pass, summary.judged(), summary.suites.size(), summary.bits);
  if (summary.first_bits < summary.bits) words += fmt::format(", most on the first {}", summary.first_bits);
  if (summary.not_run > 0) words += fmt::format("; {} not run, for too few bits", summary.not_run);
  return words;
}

Json to_json(const KeyAuditRecord& record) {
  Json audit{{"batch", record.batch}, {"bits", record.bits}, {"first_bits", record.first_bits}};
  audit["suites"] = Json::array();
  for (const KeyAuditSuite& suite : record.suites)
    audit["suites"].push_back(json_of(suite));
  audit["verdict"] = name_of(summary_of(record).verdict());
  audit["rule"] = key_audit_rule;
  return Json{{"schema", key_audit_schema}, {"audit", std::move(audit)}};
}

KeyAuditRecord key_audit_record_from(ObjectReader reader) {
  reader.literal("schema", key_audit_schema);
  ObjectReader audit = reader.object("audit");
  KeyAuditRecord record{
      .batch = audit.text("batch"), .bits = audit.count("bits"), .first_bits = audit.count("first_bits")};
  for (ObjectReader& suite : audit.objects("suites", most_key_audit_suites))
    record.suites.push_back(key_audit_suite_from(std::move(suite)));
  take_key_audit_verdict(audit, summary_of(record));
  audit.finish();
  reader.finish();
  return record;
}

Json to_json(const KeyAuditSummary& summary) {
  return Json{{"bits", summary.bits},
              {"first_bits", summary.first_bits},
              {"suites", summary.suites},
              {"tests",
               {{"pass", summary.pass},
                {"retest", summary.retest},
                {"not_run", summary.not_run},
                {"not_applicable", summary.not_applicable}}},
              {"verdict", name_of(summary.verdict())},
              {"rule", key_audit_rule}};
}

KeyAuditSummary take_key_audit_summary(ObjectReader& reader) {
  KeyAuditSummary summary{.bits = reader.count("bits"), .first_bits = reader.count("first_bits")};
  summary.suites = reader.texts("suites");
  ObjectReader tests = reader.object("tests");
  summary.pass = tests.count("pass", 0, most_key_audit_suites * most_key_audit_tests);
  summary.retest = tests.count("retest", 0, most_key_audit_suites * most_key_audit_tests);
  summary.not_run = tests.count("not_run", 0, most_key_audit_suites * most_key_audit_tests);
  summary.not_applicable = tests.count("not_applicable", 0, most_key_audit_suites * most_key_audit_tests);
  tests.finish();
  take_key_audit_verdict(reader, summary);
  return summary;
}

}  // namespace lightseed
