// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include "core/json.h"
#include "evidence/object_reader.h"

namespace lightseed {

/// A point in the history of a ledger. Two certificates with the same ledger and sequence but different heads, or a
/// certificate that the ledger's own history does not hold, show that the ledger was copied or rolled back.
struct LedgerPosition {
  std::string ledger_id;       ///< UUID, drawn when the ledger was made
  std::uint64_t sequence = 0;  ///< number of the last event, counted from 1
  std::string chain_head;      ///< SHA-256 of that event and, through it, of all before; hexadecimal

  friend bool operator==(const LedgerPosition&, const LedgerPosition&) = default;
};

Json to_json(const LedgerPosition& position);

/// Takes all members. Throws Error(malformed).
LedgerPosition ledger_position_from(ObjectReader reader);

/// What a ledger has to say in a batch's certificate.
struct LedgerRecord {
  LedgerPosition position;          ///< just before the batch became CERTIFIED
  std::uint64_t first_charges = 0;  ///< SIMs that had no issued keys before
  std::uint64_t top_ups = 0;        ///< SIMs that had some
  /// SHA-256 of the certificate of the batch that was issued before this one, hexadecimal; empty for the first, and in
  /// certificates of before it was said.
  std::string previous_certificate_sha256{};

  friend bool operator==(const LedgerRecord&, const LedgerRecord&) = default;
};

Json to_json(const LedgerRecord& record);

/// Takes all members. Throws Error(malformed).
LedgerRecord ledger_record_from(ObjectReader reader);

}  // namespace lightseed
