// SPDX-License-Identifier: Apache-2.0
#include "evidence/destruction_record.h"

#include "evidence/hex_member.h"

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
  record.certificate_sha256 = take_sha256(reader, "certificate_sha256");
  record.directory = reader.text("directory");
  record.reason = reader.text("reason");
  record.moment = reader.text("moment");
  record.files = reader.texts("files");
  reader.finish();
  return record;
}

}  // namespace lightseed
