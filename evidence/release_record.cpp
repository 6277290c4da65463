// SPDX-License-Identifier: Apache-2.0
#include "evidence/release_record.h"

#include "evidence/hex_member.h"

namespace lightseed {

Json to_json(const ReleaseRecord& record) {
  return Json{{"schema", release_schema},
              {"batch", record.batch},
              {"certificate_sha256", record.certificate_sha256},
              {"moment", record.moment}};
}

ReleaseRecord release_record_from(ObjectReader reader) {
  reader.literal("schema", release_schema);
  ReleaseRecord record;
  record.batch = reader.text("batch");
  record.certificate_sha256 = take_sha256(reader, "certificate_sha256");
  record.moment = reader.text("moment");
  reader.finish();
  return record;
}

}  // namespace lightseed
