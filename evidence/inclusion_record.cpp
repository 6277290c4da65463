// SPDX-License-Identifier: Apache-2.0
#include "evidence/inclusion_record.h"

#include "core/hex.h"

namespace lightseed {
namespace {

constexpr std::size_t longest_path = 64;

void require_hex(const ObjectReader& reader, std::string_view name, const std::string& text, std::size_t bytes) {
  const auto value = from_hex(text);
  if (!value || value->size() != bytes)
    reader.fail(name, "it is not " + std::to_string(bytes) + " bytes in hexadecimal");
}

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
  record.block = reader.text("block");
  require_hex(reader, "block", record.block, 16);
  record.index = reader.count("index");
  record.leaves = reader.count("leaves", record.index + 1);
  record.leaf = reader.text("leaf");
  require_hex(reader, "leaf", record.leaf, 32);
  record.path = reader.texts("path");
  if (record.path.size() > longest_path) reader.fail("path", "no tree is that high");
  for (const std::string& hash : record.path)
    require_hex(reader, "path", hash, 32);
  reader.finish();
  return record;
}

}  // namespace lightseed
