// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/provenance.h"
#include "evidence/key_audit_record.h"
#include "evidence/recipient_record.h"
#include "evidence/signer_record.h"

namespace lightseed {

/// A key file as a certificate names it.
struct KeyFile {
  std::string name;    ///< file name, without a directory
  std::string outlet;  ///< whom it is for: "card" or "network"
  std::string sha256;  ///< hexadecimal
  std::uint64_t bytes = 0;
  std::uint64_t blocks = 0;
};

/// Whom the files of an outlet are encrypted for.
struct CertifiedRecipient {
  std::string outlet;
  RecipientRecord record;
};

/// The audit of the batch's own keys, as a certificate names it.
struct CertifiedAudit {
  std::string name;  ///< file name, without a directory
  std::uint64_t bytes = 0;
  std::string sha256;  ///< hexadecimal
  KeyAuditSummary says;
};

/// What every edition of the certificate says of a batch, and what issuing, verifying and showing need of it.
struct CertifiedBatch {
  int edition = 0;
  std::string id;  ///< UUID
  std::string order_id;
  std::string order_sha256;  ///< of the order file
  std::uint64_t sims = 0;
  std::uint64_t keys_per_sim = 0;
  std::uint64_t key_bytes = 0;  ///< of one key
  std::string created;          ///< RFC 3339, UTC
  Provenance provenance = Provenance::simulated;
  std::string merkle_root;  ///< hexadecimal
  std::vector<KeyFile> files;
  std::vector<CertifiedRecipient> recipients;  ///< one an outlet
  SignerRecord signer;
  std::optional<SignerRecord> second_signer{};  ///< who signed too, with a key of another kind; from edition 2 on
  std::optional<SignerRecord> third_signer{};   ///< and who did so beside the second, with a key of a third kind
  std::optional<SignerRecord> releaser{};       ///< whose release it waits for; from edition 2 on
  std::string previous_certificate_sha256{};    ///< of the batch issued before from the same ledger; empty: not said
  std::optional<CertifiedAudit> audit{};        ///< where the keys were audited as they were made; from edition 2 on

  /// All keys together; nothing where they are more than 2^55 bytes, which nobody could issue.
  [[nodiscard]] std::optional<std::uint64_t> all_key_bytes() const noexcept;
};

/// "PRODUCTION" for hardware, "TEST" for everything else. There is no other way to get either word.
std::string_view purpose_of(Provenance provenance) noexcept;

}  // namespace lightseed
