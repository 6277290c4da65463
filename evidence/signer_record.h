// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "core/json.h"
#include "evidence/object_reader.h"

namespace lightseed {

/// Who signed a batch.
struct SignerRecord {
  std::string subject;             ///< distinguished name as RFC 2253 writes it
  std::string certificate_sha256;  ///< of its certificate's DER, 64 lower-case hexadecimal digits

  bool operator==(const SignerRecord&) const = default;
};

/// `{"subject":…,"certificate_sha256":…}`
Json to_json(const SignerRecord& record);

/// The inverse. Throws Error(malformed) with the path of the member.
SignerRecord signer_record_from(ObjectReader reader);

}  // namespace lightseed
