// SPDX-License-Identifier: Apache-2.0
#include "evidence/audit_part_record.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "core/error.h"

namespace lightseed {
namespace {

constexpr std::uint64_t any = std::numeric_limits<std::uint64_t>::max();

Json list_of(const std::vector<std::optional<double>>& values) {
  Json list = Json::array();
  for (const auto& value : values)
    list.push_back(value ? Json(*value) : Json());
  return list;
}

Json json_of(const AuditPartTest& test) {
  Json json{{"id", test.id}, {"run", test.run}, {"trials", test.trials}, {"failed", test.failed}};
  json["items"] = Json::array();
  for (const AuditItem& item : test.items) {
    json["items"].push_back({{"sequences", item.sequences},
                             {"below", item.below},
                             {"above", item.above},
                             {"bins", item.bins},
                             {"least", item.least},
                             {"greatest", item.greatest}});
  }
  json["values"] = {{"p", list_of(test.p)}, {"q", list_of(test.q)}};
  // A list, because figures have an order.
  json["figures"] = Json::array();
  for (const auto& [name, value] : test.figures)
    json["figures"].push_back({{"name", name}, {"value", value}});
  return json;
}

Json json_of(const AuditPartSuite& suite) {
  Json json{{"id", suite.id},
            {"sequences", suite.sequences},
            {"sequence_bits", suite.sequence_bits},
            {"trailing_bits", suite.trailing_bits},
            {"listed", suite.listed}};
  json["counts"] = Json::object();
  for (const auto& [name, counts] : suite.counts)
    json["counts"][name] = counts;
  json["tests"] = Json::array();
  for (const AuditPartTest& test : suite.tests)
    json["tests"].push_back(json_of(test));
  return json;
}

bool is_value(const Json& value) {
  return value.is_null() || (value.is_number() && value.get<double>() >= 0 && value.get<double>() <= 1);
}

/// The list `name` of the object `values`: probabilities, null where a test was not applicable.
std::vector<std::optional<double>> values_of(const ObjectReader& reader, const Json& values, const char* name) {
  const auto list = values.find(name);
  if (list == values.end() || !list->is_array() || !std::all_of(list->begin(), list->end(), is_value)) {
    reader.fail("values", fmt::format("\"{}\" is no list of probabilities", name));
  }
  std::vector<std::optional<double>> taken;
  taken.reserve(list->size());
  for (const Json& value : *list)
    taken.push_back(value.is_null() ? std::nullopt : std::optional(value.get<double>()));
  return taken;
}

AuditItem item_from(ObjectReader reader) {
  AuditItem item{
      .sequences = reader.count("sequences"), .below = reader.count("below"), .above = reader.count("above")};
  const auto bins = reader.counts("bins", 0, any);
  if (bins.size() != item.bins.size()) reader.fail("bins", "there are ten of them");
  std::copy(bins.begin(), bins.end(), item.bins.begin());
  item.least = reader.number("least", 0, 1);
  item.greatest = reader.number("greatest", 0, 1);
  reader.finish();
  return item;
}

AuditPartTest test_from(ObjectReader reader) {
  AuditPartTest test{.id = reader.text("id"), .run = reader.flag("run")};
  test.trials = reader.count("trials");
  test.failed = reader.count("failed", 0, test.trials);
  for (ObjectReader& item : reader.objects("items"))
    test.items.push_back(item_from(std::move(item)));
  const Json values = reader.free_object("values");
  test.p = values_of(reader, values, "p");
  test.q = values_of(reader, values, "q");
  for (ObjectReader& figure : reader.objects("figures")) {
    std::string name = figure.text("name");
    test.figures.emplace_back(std::move(name), figure.number("value"));
    figure.finish();
  }
  reader.finish();
  return test;
}

AuditPartSuite suite_from(ObjectReader reader) {
  AuditPartSuite suite{.id = reader.text("id"),
                       .sequences = reader.count("sequences"),
                       .sequence_bits = reader.count("sequence_bits"),
                       .trailing_bits = reader.count("trailing_bits"),
                       .listed = reader.count("listed")};
  ObjectReader counts = reader.object("counts");
  for (const std::string& name : counts.untaken())
    suite.counts.emplace_back(name, counts.counts(name, 0, any));
  for (ObjectReader& test : reader.objects("tests"))
    suite.tests.push_back(test_from(std::move(test)));
  reader.finish();
  return suite;
}

AuditRange range_from(ObjectReader reader) {
  AuditRange range{.at = reader.count("at"), .bytes = reader.count("bytes"), .sha256 = reader.text("sha256")};
  reader.finish();
  return range;
}

AuditWhole whole_from(ObjectReader reader) {
  AuditWhole whole{.sha256 = reader.text("sha256"), .ranges = reader.texts("ranges")};
  reader.finish();
  return whole;
}

}  // namespace

const std::vector<std::uint64_t>& counts_of(const AuditCounts& counts, const std::string& name, std::size_t length) {
  const auto found = std::find_if(counts.begin(), counts.end(), [&](const auto& list) { return list.first == name; });
  if (found == counts.end() || found->second.size() != length) {
    throw Error(Category::malformed, fmt::format("a part of an audit has no list \"{}\" of {} counts", name, length));
  }
  return found->second;
}

Json to_json(const AuditPart& part) {
  Json json{{"commit", part.commit},
            {"index", part.index},
            {"of", part.of},
            {"file", part.file},
            {"file_bytes", part.file_bytes},
            {"audited_bytes", part.audited_bytes},
            {"options", part.options},
            {"suites_wanted", part.suites_wanted},
            {"profile", part.profile}};
  if (part.sequence_bits) json["sequence_bits"] = *part.sequence_bits;
  json["range"] = {{"at", part.range.at}, {"bytes", part.range.bytes}, {"sha256", part.range.sha256}};
  if (part.whole) json["whole"] = {{"sha256", part.whole->sha256}, {"ranges", part.whole->ranges}};
  json["suites"] = Json::array();
  for (const AuditPartSuite& suite : part.suites)
    json["suites"].push_back(json_of(suite));
  return Json{{"schema", "lightseed/audit-part/v1"}, {"version", part.version}, {"part", std::move(json)}};
}

AuditPart audit_part_from(ObjectReader reader) {
  reader.literal("schema", "lightseed/audit-part/v1");
  AuditPart part;
  part.version = reader.text("version");
  ObjectReader body = reader.object("part");
  part.commit = body.text("commit");
  part.of = body.count("of", 1, most_shards);
  part.index = body.count("index", 1, part.of);
  part.file = body.text("file");
  part.file_bytes = body.count("file_bytes");
  part.audited_bytes = body.count("audited_bytes", 0, part.file_bytes);
  part.options = body.text("options");
  part.suites_wanted = body.texts("suites_wanted");
  part.profile = body.text("profile");
  if (body.has("sequence_bits")) part.sequence_bits = body.count("sequence_bits", 1);
  part.range = range_from(body.object("range"));
  if (body.has("whole")) part.whole = whole_from(body.object("whole"));
  for (ObjectReader& suite : body.objects("suites"))
    part.suites.push_back(suite_from(std::move(suite)));
  body.finish();
  reader.finish();
  return part;
}

}  // namespace lightseed
