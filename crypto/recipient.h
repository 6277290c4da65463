#pragma once

#include <ctime>
#include <memory>
#include <optional>
#include <string>

#include "core/json.h"
#include "core/secret_bytes.h"
#include "crypto/signer.h"

struct CMS_ContentInfo_st;

namespace lightseed {

/// Symmetric key that wraps content keys (RFC 5652 6.2.3): 32 bytes in a file of 64 hexadecimal digits, named `id`
/// by both sides.
struct KeyEncryptionKey {
  std::string id;
  std::shared_ptr<const SecretBytes> key;

  /// `text` is "kek:ID:FILE". Throws Error(usage), Error(io), or Error(device) when others can read the file.
  static KeyEncryptionKey read(const std::string& text);
};

/// Whom a key file is encrypted for: the holder of an EC or RSA certificate, or of a key-encryption key.
class Recipient {
 public:
  /// `text` is a certificate file or "kek:ID:FILE". Throws Error(refused) for a certificate that is expired, not for
  /// key agreement or key encipherment, or of another kind; otherwise as the readers do.
  static Recipient read(const std::string& text, std::time_t now);

  /// Adds this recipient to an AuthEnvelopedData. EC: ECDH with SHA-256 and AES-256 wrap; RSA: OAEP with SHA-256.
  void add_to(CMS_ContentInfo_st* envelope) const;

  /// Kind, algorithm and name, for the certificate of the batch.
  [[nodiscard]] Json describe() const;

 private:
  std::optional<X509Certificate> certificate_;
  std::optional<KeyEncryptionKey> kek_;
  bool rsa_ = false;
};

/// What opens a file: the private key of a certificate, or a key-encryption key.
class RecipientKey {
 public:
  /// `text` is a PEM file or "kek:ID:FILE". Throws as read_private_key() and KeyEncryptionKey::read() do.
  static RecipientKey read(const std::string& text);

  /// Decrypts an AuthEnvelopedData in DER. Throws Error(verdict) when the key does not open it or a byte was changed;
  /// nothing of the content is released then.
  [[nodiscard]] SecretBytes open(std::span<const std::byte> der) const;

 private:
  std::shared_ptr<evp_pkey_st> key_;
  std::optional<KeyEncryptionKey> kek_;
};

}  // namespace lightseed
