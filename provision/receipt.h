// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <ctime>
#include <filesystem>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "crypto/recipient_key.h"
#include "crypto/signer.h"
#include "crypto/trust.h"
#include "evidence/receipt_record.h"
#include "provision/ledger/life.h"

namespace lightseed {

/// A receipt is how a side answers to a batch. Whoever holds the side's key opens every file of it, recomputes the
/// Merkle tree from the keys, names the SIMs whose keys could not be loaded, and signs that. The issuing host enters it
/// in the ledger: a SIM is active when both sides answered with the same tree, and neither rejected it.
///
/// The root alone would show little: it stands in the certificate, for everybody to copy. The leaves are salted and
/// known to nobody who did not open a side's files; a digest over them says that both sides did, and hold the same.
///
/// A receipt is a DSSE envelope like a batch's certificate, with one signature of ECDSA P-384. Who may sign for which
/// side is for the issuing host to know.

inline constexpr std::string_view receipt_payload_type = "application/vnd.lightseed.receipt+json";

struct ReceiptRequest {
  std::string outlet;                   ///< the side that answers
  std::vector<RejectedSim> rejected{};  ///< in any order; their ICCIDs as in the batch
  std::time_t now = 0;
  std::stop_token stop{};
};

/// Opens a side's files and says what to sign. Throws as open_batch() does; Error(verdict) when the keys do not have
/// the certified root; Error(usage) for a rejected SIM that the batch does not have, or has twice in the list.
ReceiptRecord make_receipt(const std::filesystem::path& directory, const TrustAnchor& trust, const RecipientKey& key,
                           const ReceiptRequest& request);

/// The text of the receipt's file.
std::string seal_receipt(const ReceiptRecord& record, const Signer& signer);

/// A receipt and whose it is.
struct SealedReceipt {
  ReceiptRecord record;
  std::string sha256;  ///< of the file, hexadecimal
  std::string signer;  ///< subject of the certificate
};

/// Reads a receipt that `trust` signed, or somebody it vouches for, who was allowed to at its moment. Throws
/// Error(verdict) that says what is wrong, Error(io).
SealedReceipt read_receipt(const std::filesystem::path& path, const TrustAnchor& trust);

/// As a ledger enters it.
SideAnswer answer_of(const SealedReceipt& receipt);

/// Reads a list of rejected SIMs: a line each, "ICCID" or "ICCID,REASON", perhaps under the header "iccid,reason".
/// Throws Error(usage) naming the line, Error(io).
std::vector<RejectedSim> read_rejected_sims(const std::filesystem::path& path);

}  // namespace lightseed
