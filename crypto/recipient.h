// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <ctime>
#include <optional>
#include <string>
#include <vector>

#include "core/json.h"
#include "crypto/key_encryption_key.h"
#include "crypto/recipient_key.h"
#include "crypto/x509.h"
#include "evidence/recipient_record.h"

struct CMS_ContentInfo_st;

namespace lightseed {

/// Whom a key file is encrypted for: the holder of an EC or RSA certificate, or of a key-encryption key.
class Recipient {
 public:
  /// `text` is a certificate file or "kek:ID:FILE". Everything that can be wrong is found here, before a device is
  /// touched: the certificate's dates, usage and signature, its key (crypto/public_key.h), and at last one byte is
  /// encrypted for it. Throws Error(refused) that says which rule is broken; otherwise as the readers do.
  static Recipient read(const std::string& text, std::time_t now);

  /// Adds this recipient to an AuthEnvelopedData. EC: ECDH with SHA-256 and AES-256 wrap; RSA: OAEP with SHA-256. A
  /// certificate without subject key identifier is named by issuer and serial number.
  void add_to(CMS_ContentInfo_st* envelope) const;

  /// Sentences a person should read before going on, though the recipient is accepted.
  [[nodiscard]] const std::vector<std::string>& notices() const noexcept { return notices_; }

  /// What the evidence says of it.
  [[nodiscard]] RecipientRecord record() const;

  /// The record as edition 1 of the certificate has it.
  [[nodiscard]] Json describe() const { return to_json(in_edition_1(record())); }

  /// Throws Error(refused) when both have the same key (whatever certificates say) or go by the same id: what is
  /// encrypted for two sides must not open with one key.
  friend void require_different(const Recipient& one, const Recipient& other);

 private:
  std::optional<X509Certificate> certificate_;
  std::optional<KeyEncryptionKey> kek_;
  std::string public_key_;
  std::vector<std::string> notices_;
  bool rsa_ = false;
};

void require_different(const Recipient& one, const Recipient& other);

}  // namespace lightseed
