// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "core/json.h"
#include "evidence/object_reader.h"

namespace lightseed {

/// That a second person looked at an issued batch and lets it go to its sides.
struct ReleaseRecord {
  std::string batch;               ///< UUID
  std::string certificate_sha256;  ///< of the batch's certificate file, hexadecimal
  std::string moment;              ///< RFC 3339, UTC

  friend bool operator==(const ReleaseRecord&, const ReleaseRecord&) = default;
};

inline constexpr std::string_view release_schema = "urn:lightseed:release/v1";

Json to_json(const ReleaseRecord& record);

/// Takes all members. Throws Error(malformed).
ReleaseRecord release_record_from(ObjectReader reader);

}  // namespace lightseed
