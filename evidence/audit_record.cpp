// SPDX-License-Identifier: Apache-2.0
#include "evidence/audit_record.h"

#include <algorithm>
#include <utility>

#include "core/error.h"

namespace lightseed {
namespace {

constexpr AuditOutcome all_outcomes[] = {AuditOutcome::pass, AuditOutcome::retest, AuditOutcome::fail,
                                         AuditOutcome::not_run, AuditOutcome::not_applicable};

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

AuditItem item_from(ObjectReader reader) {
  AuditItem item{
      .sequences = reader.count("sequences"), .below = reader.count("below"), .above = reader.count("above")};
  const auto bins = reader.counts("bins", 0, item.sequences);
  if (bins.size() != item.bins.size()) reader.fail("bins", "there are ten");
  std::copy(bins.begin(), bins.end(), item.bins.begin());
  item.least = reader.number("least", 0, 1);
  item.greatest = reader.number("greatest", 0, 1);
  item.uniformity = reader.number_or_null("uniformity");
  item.as_written = reader.flag("as_written");
  item.joint = reader.number("joint", 0, 1);
  reader.finish();
  return item;
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

/// The lists of p-values of one test: long, and with null where one does not apply.
struct Lists {
  std::vector<std::optional<double>> p;
  std::vector<std::optional<double>> q;
};

std::vector<std::optional<double>> taken_list(Json& test, const std::string& name, const std::string& path) {
  std::vector<std::optional<double>> values;
  const auto found = test.find(name);
  if (found == test.end()) return values;
  if (!found->is_array()) throw Error(Category::malformed, path + "." + name + ": it is no list");
  for (const Json& item : *found) {
    const bool good = item.is_null() || (item.is_number() && item.get<double>() >= 0 && item.get<double>() <= 1);
    if (!good) throw Error(Category::malformed, path + "." + name + ": its items are not all from 0 to 1 or null");
    values.push_back(item.is_null() ? std::nullopt : std::optional(item.get<double>()));
  }
  test.erase(name);
  return values;
}

/// The lists of every test in their order, taken out of `json`; what is left goes through the strict reader, which
/// also says so where a suite or a test is no object.
std::vector<Lists> taken_lists(Json& json, const std::string& path) {
  std::vector<Lists> all;
  if (!json.is_object() || !json.contains("suites")) return all;
  for (Json& suite : json["suites"]) {
    if (!suite.is_object() || !suite.contains("tests")) continue;
    for (Json& test : suite["tests"]) {
      if (!test.is_object()) continue;
      Lists lists;
      lists.p = taken_list(test, "p", path + ".suites.tests");
      lists.q = taken_list(test, "q", path + ".suites.tests");
      all.push_back(std::move(lists));
    }
  }
  return all;
}

AuditTest test_from(ObjectReader reader) {
  AuditTest test{
      .id = reader.text("id"), .clause = reader.text("clause"), .outcome = take_enum(reader, "outcome", all_outcomes)};
  if (reader.has("needed_bits")) test.needed_bits = reader.count("needed_bits");
  if (reader.has("blocks")) {
    ObjectReader blocks = reader.object("blocks");
    test.blocks = {.blocks = blocks.count("blocks"),
                   .failed = blocks.count("failed"),
                   .rate = blocks.number("rate", 0, 1),
                   .joint = blocks.number("joint", 0, 1)};
    blocks.finish();
  }
  if (reader.has("items")) {
    for (ObjectReader& item : reader.objects("items"))
      test.items.push_back(item_from(std::move(item)));
  }
  if (reader.has("figures")) {
    ObjectReader figures = reader.object("figures");
    for (const std::string& name : figures.untaken())
      test.figures.emplace_back(name, figures.number(name));
  }
  reader.finish();
  return test;
}

Json json_of(const AuditSuite& suite) {
  Json json{{"id", suite.id}};
  if (!suite.profile.empty()) json["profile"] = suite.profile;
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

AuditSuite suite_from(ObjectReader reader) {
  AuditSuite suite{.id = reader.text("id")};
  if (reader.has("profile")) suite.profile = reader.text("profile");
  suite.sequences = reader.count("sequences");
  suite.sequence_bits = reader.count("sequence_bits");
  suite.trailing_bits = reader.count("trailing_bits");
  suite.listed = reader.count("listed", 0, suite.sequences);
  suite.as_written = take_enum(reader, "as_written", all_outcomes);
  suite.rule = reader.text("rule");
  for (ObjectReader& test : reader.objects("tests"))
    suite.tests.push_back(test_from(std::move(test)));
  reader.finish();
  return suite;
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

AuditVerdict verdict_from(ObjectReader reader) {
  AuditVerdict verdict{.outcome = take_enum(reader, "outcome", all_outcomes),
                       .retest_below = reader.number("retest_below", 0, 1),
                       .fail_below = reader.number("fail_below", 0, 1),
                       .chance = reader.number("chance", 0, 1)};
  if (reader.has("more_data")) verdict.more_data = reader.number("more_data", 0);
  for (ObjectReader& group : reader.objects("groups")) {
    verdict.groups.push_back({.suite = group.text("suite"),
                              .test = group.text("test"),
                              .p = group.number("p", 0, 1),
                              .adjusted = group.number("adjusted", 0, 1)});
    group.finish();
  }
  reader.finish();
  return verdict;
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

Json to_json(const AuditRecord& audit) {
  Json json{{"file", audit.file},   {"form", audit.form}, {"sha256", audit.sha256},    {"bytes", audit.bytes},
            {"whole", audit.whole}, {"bits", audit.bits}, {"warnings", audit.warnings}};
  json["suites"] = Json::array();
  for (const AuditSuite& suite : audit.suites)
    json["suites"].push_back(json_of(suite));
  json["verdict"] = json_of(audit.verdict);
  return json;
}

AuditRecord audit_record_from(Json json, const std::string& path) {
  std::vector<Lists> lists = taken_lists(json, path);
  ObjectReader reader(json, path);
  AuditRecord audit{.file = reader.text("file"),
                    .form = reader.text("form"),
                    .sha256 = reader.text("sha256"),
                    .bytes = reader.count("bytes"),
                    .whole = reader.flag("whole"),
                    .bits = reader.count("bits"),
                    .warnings = reader.texts("warnings")};
  for (ObjectReader& suite : reader.objects("suites"))
    audit.suites.push_back(suite_from(std::move(suite)));
  audit.verdict = verdict_from(reader.object("verdict"));
  reader.finish();
  std::size_t next = 0;
  for (AuditSuite& suite : audit.suites) {
    for (AuditTest& test : suite.tests) {
      test.p = std::move(lists[next].p);
      test.q = std::move(lists[next++].q);
    }
  }
  return audit;
}

}  // namespace lightseed
