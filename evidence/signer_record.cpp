// SPDX-License-Identifier: Apache-2.0
#include "evidence/signer_record.h"

#include "core/hex.h"

namespace lightseed {

Json to_json(const SignerRecord& record) {
  return Json{{"subject", record.subject}, {"certificate_sha256", record.certificate_sha256}};
}

SignerRecord signer_record_from(ObjectReader reader) {
  SignerRecord record;
  record.subject = reader.text("subject");
  record.certificate_sha256 = reader.text("certificate_sha256");
  const auto digest = from_hex(record.certificate_sha256);
  if (!digest || digest->size() != 32 || hex(*digest) != record.certificate_sha256) {
    reader.fail("certificate_sha256", "it is no SHA-256 in 64 lower-case hexadecimal digits");
  }
  reader.finish();
  return record;
}

}  // namespace lightseed
