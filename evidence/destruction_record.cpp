// SPDX-License-Identifier: Apache-2.0
#include "evidence/destruction_record.h"

#include "core/hex.h"

namespace lightseed {

Json to_json(const DestructionRecord& record) {
  return Json{
      {"schema", destruction_schema},  {"batch", record.batch},   {"certificate_sha256", record.certificate_sha256},
      {"directory", record.directory}, {"reason", record.reason}, {"moment", record.moment},
      {"files", record.files}};
}

DestructionRecord destruction_record_from(ObjectReader reader) {
  reader.literal("schema", destruction_schema);
  DestructionRecord record;
  record.batch = reader.text("batch");
  record.certificate_sha256 = reader.text("certificate_sha256");
  const auto digest = from_hex(record.certificate_sha256);
  if (!digest || digest->size() != 32) reader.fail("certificate_sha256", "it is no SHA-256 in hexadecimal");
  record.directory = reader.text("directory");
  record.reason = reader.text("reason");
  record.moment = reader.text("moment");
  record.files = reader.texts("files");
  reader.finish();
  return record;
}

}  // namespace lightseed
