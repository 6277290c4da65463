// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <ctime>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "crypto/ecdsa.h"
#include "crypto/passphrase.h"
#include "crypto/signature_kind.h"
#include "crypto/signing_key.h"
#include "crypto/x509.h"
#include "evidence/signer_record.h"

namespace lightseed {

/// A certificate and the key that belongs to it.
class CertifiedKey {
 public:
  [[nodiscard]] const X509Certificate& certificate() const noexcept { return certificate_; }

  /// In DER; with ECDSA the signature with the lower s.
  [[nodiscard]] std::vector<std::byte> sign(std::span<const std::byte> message) const;

  /// What the evidence says of it.
  [[nodiscard]] SignerRecord record() const;

 protected:
  /// `key` is what open_signing_key() takes; `ask` gives passphrases of files that are encrypted. Everything is tried
  /// before it is needed: the key signs once, and the certificate must verify that. Throws as X509Certificate::read()
  /// and open_signing_key() do; Error(refused) when the certificate is not valid at `now`, not for signing, a
  /// certification authority's, or not that of the key.
  CertifiedKey(SignatureKind kind, const std::filesystem::path& certificate, const std::string& key, std::time_t now,
               const AskPassphrase& ask);

 private:
  SignatureKind kind_;
  X509Certificate certificate_;
  std::shared_ptr<const SigningKey> key_;
};

/// Who signs a batch: an ECDSA P-384 key and its certificate.
class Signer : public CertifiedKey {
 public:
  Signer(const std::filesystem::path& certificate, const std::string& key, std::time_t now,
         const AskPassphrase& ask = {})
      : CertifiedKey(SignatureKind::ecdsa_p384, certificate, key, now, ask) {}
};

/// Who signs a batch a second time, for readers in China: an SM2 key and its certificate. Who issued that is for its
/// readers to trust; here its signature needs a digest of 112 bits and more, as every signer's.
class Sm2Signer : public CertifiedKey {
 public:
  Sm2Signer(const std::filesystem::path& certificate, const std::string& key, std::time_t now,
            const AskPassphrase& ask = {})
      : CertifiedKey(SignatureKind::sm2, certificate, key, now, ask) {}
};

}  // namespace lightseed
