// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <ctime>
#include <filesystem>
#include <string>

#include "crypto/signer.h"
#include "crypto/trust.h"
#include "evidence/destruction_record.h"
#include "provision/ledger/ledger.h"

namespace lightseed {

/// The end of a batch on the issuing host. First a signed record is on the disk, then the ledger knows of it, and then
/// the key files go: a crash in between leaves a batch that is over with files that the same call removes, never a
/// batch without its files that nobody knows the end of.
///
/// It reaches what this host has. Copies, and what the sides loaded, are theirs to destroy; receipts for that are
/// theirs to keep.

inline constexpr std::string_view destruction_payload_type = "application/vnd.lightseed.destruction+json";

struct DestructionRequest {
  std::filesystem::path directory;  ///< of the batch
  std::filesystem::path record;  ///< where the signed record appears; one of the same batch from a call before is used
  std::string reason;
  std::time_t now = 0;
};

struct Destruction {
  DestructionRecord record;
  std::string record_sha256;  ///< of the record's file
  std::uint64_t removed = 0;  ///< key files that were there
};

/// The ledger is taken for a change. The certificate must be sealed by `signer` or by whom `trust` vouches for. Throws
/// Error(verdict) for a certificate that does not hold, Error(refused) as Ledger::destroy() does and for a record of
/// another batch, Error(io).
Destruction destroy_batch(const DestructionRequest& request, const TrustAnchor& trust, const Signer& signer,
                          Ledger& ledger);

}  // namespace lightseed
