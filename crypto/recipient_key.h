// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <openssl/types.h>

#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include "core/secret_bytes.h"
#include "crypto/key_encryption_key.h"
#include "crypto/passphrase.h"

namespace lightseed {

/// What opens a file: the private key of a certificate, or a key-encryption key.
class RecipientKey {
 public:
  /// `text` is a key file or "kek:ID:FILE". Throws as read_private_key() and KeyEncryptionKey::read() do.
  static RecipientKey read(const std::string& text, const AskPassphrase& ask = {});

  /// Decrypts a key file, whose shell read_envelope_shell() must take; its content goes straight into secret memory.
  /// Throws Error(verdict) when the key does not open it or a byte was changed; nothing of the content is released
  /// then.
  [[nodiscard]] SecretBytes open(std::span<const std::byte> der) const;

 private:
  std::shared_ptr<EVP_PKEY> key_;
  std::optional<KeyEncryptionKey> kek_;
};

}  // namespace lightseed
