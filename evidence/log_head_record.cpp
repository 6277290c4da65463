// SPDX-License-Identifier: Apache-2.0
#include "evidence/log_head_record.h"

#include "evidence/hex_member.h"

namespace lightseed {
namespace {

constexpr std::size_t longest_log_path = 65;

std::vector<std::string> take_path(ObjectReader& reader) {
  std::vector<std::string> path = reader.texts("path");
  if (path.size() > longest_log_path) reader.fail("path", "no tree is that high");
  for (const std::string& hash : path)
    require_hex(reader, "path", hash, 32);
  return path;
}

LogGrowth growth_from(ObjectReader reader) {
  LogGrowth growth;
  growth.size = reader.count("size");
  growth.root = take_sha256(reader, "root");
  growth.path = take_path(reader);
  reader.finish();
  return growth;
}

}  // namespace

Json to_json(const LogHeadRecord& record) {
  Json json{{"schema", log_head_schema},
            {"ledger", to_json(record.position)},
            {"size", record.size},
            {"root", record.root},
            {"moment", record.moment}};
  if (record.grew)
    json["grew_from"] = {{"size", record.grew->size}, {"root", record.grew->root}, {"path", record.grew->path}};
  return json;
}

LogHeadRecord log_head_record_from(ObjectReader reader) {
  reader.literal("schema", log_head_schema);
  LogHeadRecord record;
  record.position = ledger_position_from(reader.object("ledger"));
  record.size = reader.count("size");
  record.root = take_sha256(reader, "root");
  record.moment = reader.text("moment");
  if (reader.has("grew_from")) record.grew = growth_from(reader.object("grew_from"));
  reader.finish();
  return record;
}

Json to_json(const LogInclusionRecord& record) {
  return Json{
      {"schema", log_inclusion_schema}, {"ledger", record.ledger}, {"certificate_sha256", record.certificate_sha256},
      {"index", record.index},          {"size", record.size},     {"path", record.path}};
}

LogInclusionRecord log_inclusion_record_from(ObjectReader reader) {
  reader.literal("schema", log_inclusion_schema);
  LogInclusionRecord record;
  record.ledger = reader.text("ledger");
  record.certificate_sha256 = take_sha256(reader, "certificate_sha256");
  record.index = reader.count("index");
  record.size = reader.count("size", record.index + 1);
  record.path = take_path(reader);
  reader.finish();
  return record;
}

}  // namespace lightseed
