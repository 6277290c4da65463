// SPDX-License-Identifier: Apache-2.0
#include "evidence/inclusion_record.h"

#include "evidence/hex_member.h"

namespace lightseed {
namespace {

constexpr std::size_t longest_path = 64;

}  // namespace

Json to_json(const InclusionRecord& record) {
  return Json{{"schema", inclusion_schema}, {"batch", record.batch},   {"iccid", record.iccid}, {"block", record.block},
              {"index", record.index},      {"leaves", record.leaves}, {"leaf", record.leaf},   {"path", record.path}};
}

InclusionRecord inclusion_record_from(ObjectReader reader) {
  reader.literal("schema", inclusion_schema);
  InclusionRecord record;
  record.batch = reader.text("batch");
  record.iccid = reader.text("iccid");
  record.block = take_hex(reader, "block", 16);
  record.index = reader.count("index");
  record.leaves = reader.count("leaves", record.index + 1);
  record.leaf = take_hex(reader, "leaf", 32);
  record.path = reader.texts("path");
  if (record.path.size() > longest_path) reader.fail("path", "no tree is that high");
  for (const std::string& hash : record.path)
    require_hex(reader, "path", hash, 32);
  reader.finish();
  return record;
}

}  // namespace lightseed
