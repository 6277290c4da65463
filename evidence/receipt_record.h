// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/json.h"
#include "evidence/object_reader.h"

namespace lightseed {

/// A SIM whose keys a side could not load, and why.
struct RejectedSim {
  std::string iccid;   ///< as in the batch
  std::string reason;  ///< words of whoever rejects, one line

  friend bool operator==(const RejectedSim&, const RejectedSim&) = default;
};

/// What one side answers to a batch: it opened its files, found the keys that the certificate speaks of, and loaded
/// those of every SIM but the rejected ones.
struct ReceiptRecord {
  std::string batch;               ///< UUID
  std::string outlet;              ///< the side that answers: "card" or "network"
  std::string certificate_sha256;  ///< of the batch's certificate file, hexadecimal
  std::string merkle_root;         ///< over the keys as the side opened them, hexadecimal
  std::string leaves_sha256;       ///< over the tree's leaves in their order: only who opened the keys knows them
  std::string moment;              ///< RFC 3339, UTC
  std::uint64_t sims = 0;          ///< SIMs of the batch
  std::vector<RejectedSim> rejected;

  friend bool operator==(const ReceiptRecord&, const ReceiptRecord&) = default;
};

inline constexpr std::string_view receipt_schema = "urn:lightseed:receipt/v1";
inline constexpr std::size_t most_rejected_sims = 10'000'000;

Json to_json(const ReceiptRecord& record);

/// Takes all members. Throws Error(malformed): rejected SIMs stand in the order of their ICCIDs, none twice, and are no
/// more than the batch has.
ReceiptRecord receipt_record_from(ObjectReader reader);

}  // namespace lightseed
