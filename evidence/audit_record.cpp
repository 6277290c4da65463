// SPDX-License-Identifier: Apache-2.0
#include "evidence/audit_record.h"

#include <cctype>
#include <utility>

namespace lightseed {
namespace {

Json json_of(const std::vector<std::optional<double>>& values) {
  Json list = Json::array();
  for (const auto& value : values)
    list.push_back(value ? Json(*value) : Json());
  return list;
}

Json json_of(const AuditItem& item) {
  Json json{{"sequences", item.sequences}, {"below", item.below}, {"above", item.above},
            {"bins", item.bins},           {"least", item.least}, {"greatest", item.greatest}};
  json["uniformity"] = item.uniformity ? Json(*item.uniformity) : Json();
  json["as_written"] = item.as_written;
  json["joint"] = item.joint;
  return json;
}

Json json_of(const AuditTest& test) {
  Json json{{"id", test.id}, {"clause", test.clause}, {"outcome", name_of(test.outcome)}};
  if (test.needed_bits) json["needed_bits"] = *test.needed_bits;
  if (test.blocks) {
    json["blocks"] = {{"blocks", test.blocks->blocks},
                      {"failed", test.blocks->failed},
                      {"rate", test.blocks->rate},
                      {"joint", test.blocks->joint}};
  }
  if (!test.items.empty()) {
    Json items = Json::array();
    for (const AuditItem& item : test.items)
      items.push_back(json_of(item));
    json["items"] = std::move(items);
  }
  if (!test.p.empty()) json["p"] = json_of(test.p);
  if (!test.q.empty()) json["q"] = json_of(test.q);
  if (!test.figures.empty()) {
    Json figures = Json::object();
    for (const auto& [name, value] : test.figures)
      figures[name] = value;
    json["figures"] = std::move(figures);
  }
  return json;
}

Json json_of(const AuditSuite& suite) {
  Json json{{"id", suite.id}};
  if (!suite.profile.empty()) json["profile"] = suite.profile;
  if (const auto& parameters = suite.parameters) {
    json["parameters"] = {{"verified", parameters->verified}, {"origin", parameters->origin}};
  }
  json.update({{"sequences", suite.sequences},
               {"sequence_bits", suite.sequence_bits},
               {"trailing_bits", suite.trailing_bits},
               {"listed", suite.listed},
               {"as_written", name_of(suite.as_written)},
               {"rule", suite.rule}});
  json["tests"] = Json::array();
  for (const AuditTest& test : suite.tests)
    json["tests"].push_back(json_of(test));
  return json;
}

Json json_of(const AuditVerdict& verdict) {
  Json json{{"outcome", name_of(verdict.outcome)},
            {"chance", verdict.chance},
            {"retest_below", verdict.retest_below},
            {"fail_below", verdict.fail_below}};
  if (verdict.more_data) json["more_data"] = *verdict.more_data;
  json["groups"] = Json::array();
  for (const AuditGroup& group : verdict.groups) {
    json["groups"].push_back(
        {{"suite", group.suite}, {"test", group.test}, {"p", group.p}, {"adjusted", group.adjusted}});
  }
  return json;
}

}  // namespace

std::string_view name_of(AuditOutcome outcome) noexcept {
  switch (outcome) {
    case AuditOutcome::pass: return "pass";
    case AuditOutcome::retest: return "retest";
    case AuditOutcome::fail: return "fail";
    case AuditOutcome::not_run: return "not-run";
    case AuditOutcome::not_applicable: return "not-applicable";
  }
  return "fail";
}

std::string capitals(AuditOutcome outcome) {
  std::string text(name_of(outcome));
  for (char& c : text)
    c = c == '-' ? ' ' : static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return text;
}

Json to_json(const AuditRecord& audit) {
  Json json{{"file", audit.file},
            {"subject", {{"kind", audit.subject.kind}, {"words", audit.subject.words}}},
            {"form", audit.form}};
  if (!audit.sha256.empty()) json["sha256"] = audit.sha256;
  json.update({{"bytes", audit.bytes}, {"whole", audit.whole}, {"bits", audit.bits}});
  if (!audit.ended.empty()) json["ended"] = audit.ended;
  json["warnings"] = audit.warnings;
  json["suites"] = Json::array();
  for (const AuditSuite& suite : audit.suites)
    json["suites"].push_back(json_of(suite));
  json["verdict"] = json_of(audit.verdict);
  return json;
}

}  // namespace lightseed
