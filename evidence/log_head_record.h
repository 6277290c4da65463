// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/json.h"
#include "evidence/ledger_record.h"
#include "evidence/object_reader.h"

namespace lightseed {

/// That a log grew from an earlier state: hashes as RFC 6962 section 2.1.2 has them.
struct LogGrowth {
  std::uint64_t size = 0;         ///< certificates in the earlier log
  std::string root;               ///< of the earlier tree, hexadecimal
  std::vector<std::string> path;  ///< hexadecimal

  friend bool operator==(const LogGrowth&, const LogGrowth&) = default;
};

/// The state of a ledger's log of certificates at a moment: the tree head of RFC 6962 section 2.1, over the SHA-256 of
/// every certificate that was issued, in their order.
struct LogHeadRecord {
  LedgerPosition position;          ///< where the ledger's history ended
  std::uint64_t size = 0;           ///< certificates in the log
  std::string root;                 ///< hexadecimal
  std::string moment;               ///< RFC 3339, UTC
  std::optional<LogGrowth> grew{};  ///< from an earlier head; nothing for a first one

  friend bool operator==(const LogHeadRecord&, const LogHeadRecord&) = default;
};

inline constexpr std::string_view log_head_schema = "urn:lightseed:certificate-log-head/v1";

Json to_json(const LogHeadRecord& record);

/// Takes all members. Throws Error(malformed).
LogHeadRecord log_head_record_from(ObjectReader reader);

/// That a certificate is in the log.
struct LogInclusionRecord {
  std::string ledger;              ///< UUID
  std::string certificate_sha256;  ///< of the certificate's file
  std::uint64_t index = 0;         ///< from 0
  std::uint64_t size = 0;          ///< of the log whose root the path leads to
  std::vector<std::string> path;   ///< hashes beside the way, from the leaf up; hexadecimal

  friend bool operator==(const LogInclusionRecord&, const LogInclusionRecord&) = default;
};

inline constexpr std::string_view log_inclusion_schema = "urn:lightseed:certificate-log-inclusion/v1";

Json to_json(const LogInclusionRecord& record);

/// Takes all members. Throws Error(malformed).
LogInclusionRecord log_inclusion_record_from(ObjectReader reader);

}  // namespace lightseed
