// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "core/json.h"
#include "evidence/object_reader.h"

namespace lightseed {

/// That the parts of a large order belong together, and are all of it. What the keys of a part are worth is in that
/// part's own certificate. Its size does not depend on the order's.
struct OrderCertificate {
  std::string order_id;
  std::string order_sha256;        ///< of the order file, hexadecimal
  std::uint64_t sims = 0;          ///< of all parts
  std::uint64_t parts = 0;         ///< at least 1
  std::uint64_t sims_a_part = 0;   ///< of each but the last one
  std::uint64_t keys_per_sim = 0;  ///< at least 1
  std::uint64_t key_bytes = 0;     ///< of one key
  double log2_epsilon = 0;         ///< all keys of all parts together are so far from uniform at most
  std::string purpose;             ///< PRODUCTION where every part is for production, else TEST
  std::string merkle_root;         ///< RFC 6962 tree over the SHA-256 of the parts' certificate files, hexadecimal
  std::string moment;              ///< RFC 3339, UTC

  friend bool operator==(const OrderCertificate&, const OrderCertificate&) = default;
};

inline constexpr std::string_view order_certificate_schema = "urn:lightseed:order-certificate/v1";

Json to_json(const OrderCertificate& certificate);

/// Takes all members. Throws Error(malformed).
OrderCertificate order_certificate_from(ObjectReader reader);

}  // namespace lightseed
