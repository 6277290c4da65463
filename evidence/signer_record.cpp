// SPDX-License-Identifier: Apache-2.0
#include "evidence/signer_record.h"

#include "evidence/hex_member.h"

namespace lightseed {

Json to_json(const SignerRecord& record) {
  return Json{{"subject", record.subject}, {"certificate_sha256", record.certificate_sha256}};
}

SignerRecord signer_record_from(ObjectReader reader) {
  SignerRecord record;
  record.subject = reader.text("subject");
  record.certificate_sha256 = take_sha256(reader, "certificate_sha256");
  reader.finish();
  return record;
}

}  // namespace lightseed
