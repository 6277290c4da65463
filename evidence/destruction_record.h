// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/json.h"
#include "evidence/object_reader.h"

namespace lightseed {

/// That the issuing host's key files of a batch were removed, and the batch is over.
struct DestructionRecord {
  std::string batch;               ///< UUID
  std::string certificate_sha256;  ///< of the batch's certificate file, hexadecimal
  std::string directory;           ///< where the files were
  std::string reason;              ///< words of whoever destroyed it
  std::string moment;              ///< RFC 3339, UTC
  std::vector<std::string> files;  ///< names of the key files

  friend bool operator==(const DestructionRecord&, const DestructionRecord&) = default;
};

inline constexpr std::string_view destruction_schema = "urn:lightseed:destruction/v1";

Json to_json(const DestructionRecord& record);

/// Takes all members. Throws Error(malformed).
DestructionRecord destruction_record_from(ObjectReader reader);

}  // namespace lightseed
