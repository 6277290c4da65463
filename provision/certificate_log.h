// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <ctime>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "crypto/signer.h"
#include "crypto/trust.h"
#include "evidence/log_head_record.h"
#include "provision/ledger/ledger.h"

namespace lightseed {

/// The log of a ledger's certificates: an append-only Merkle tree as RFC 6962 hashes it. It has no store of its own.
/// Its entries are the SHA-256 of the certificates that the ledger's history says were issued, in their order, and the
/// history can only grow; batches that were burned are not in it, nor are those of before the ledger had a history.
///
/// A head – how many certificates there are, and the root over them – is signed and given away, to whoever should be
/// able to say later what was issued. Two heads show each other: the later one carries the hashes by which everybody
/// sees that it grew from the earlier one, or there are none, and the ledger was cut off, rewritten or put back. A
/// proof of a few hashes shows that a certificate is in a log with a certain head. Neither needs the ledger to be
/// checked.

inline constexpr std::string_view log_head_payload_type = "application/vnd.lightseed.log-head+json";

/// SHA-256 of the certificates that were issued, hexadecimal, oldest first.
std::vector<std::string> certificate_log(Ledger& ledger);

/// A head and whose it is.
struct SealedLogHead {
  LogHeadRecord record;
  std::string signer;  ///< subject of the certificate
};

/// Reads a head that `trust` signed, or somebody it vouches for. Throws Error(verdict) that says what is wrong,
/// Error(io).
SealedLogHead read_log_head(const std::filesystem::path& path, const TrustAnchor& trust);

/// The head of the log as it is now, grown from `before` where there is one. The ledger is looked at first: throws
/// Error(refused) where it contradicts its history or what is remembered of it, where `before` is of another ledger,
/// and where the log did not grow from it: it was cut off or rewritten.
LogHeadRecord log_head_of(Ledger& ledger, const std::optional<LogHeadRecord>& before, std::time_t now);

/// The text of a head's file.
std::string seal_log_head(const LogHeadRecord& record, const Signer& signer);

/// That a certificate, by its SHA-256, is in the log with this head. Throws Error(refused) where the ledger's log did
/// not grow from this head, Error(usage) where the certificate is not in it, or came after it.
LogInclusionRecord prove_logged(Ledger& ledger, const LogHeadRecord& head, const std::string& certificate_sha256);

/// Reads a proof. Throws Error(malformed), Error(io).
LogInclusionRecord read_log_inclusion(const std::filesystem::path& path);

/// Why the later head does not show that its log grew from the earlier one's; empty: it does.
std::string fault_of_growth(const LogHeadRecord& before, const LogHeadRecord& later);

/// Why a proof does not show that the certificate is in the log with this head; empty: it does.
std::string fault_of_log_inclusion(const LogInclusionRecord& proof, const LogHeadRecord& head,
                                   const std::string& certificate_sha256);

}  // namespace lightseed
