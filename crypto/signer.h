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
  [[nodiscard]] SignatureKind kind() const noexcept { return kind_; }

  /// As signature_is_valid() takes it: with ECDSA the signature with the lower s, in DER.
  [[nodiscard]] std::vector<std::byte> sign(std::span<const std::byte> message) const;

  /// What the evidence says of it.
  [[nodiscard]] SignerRecord record() const;

 protected:
  /// `key` is what open_signing_key() takes; `ask` gives passphrases of files that are encrypted. Everything is tried
  /// before it is needed: the key signs once, and the certificate must verify that. Throws as open_signing_key() does;
  /// Error(refused) when the certificate is not valid at `now`, not for signing, a certification authority's, or not
  /// that of the key.
  CertifiedKey(SignatureKind kind, X509Certificate certificate, const std::string& key, std::time_t now,
               const AskPassphrase& ask);

 private:
  SignatureKind kind_;
  X509Certificate certificate_;
  std::shared_ptr<const SigningKey> key_;
};

/// Who signs a batch: an ECDSA P-384 key and its certificate.
class Signer : public CertifiedKey {
 public:
  /// Throws as X509Certificate::read() and CertifiedKey do.
  Signer(const std::filesystem::path& certificate, const std::string& key, std::time_t now,
         const AskPassphrase& ask = {})
      : CertifiedKey(SignatureKind::ecdsa_p384, X509Certificate::read(certificate, ask), key, now, ask) {}
};

/// Who signs a batch beside the first signer, with a key of another kind: that of the certificate. Who issued that is
/// for its readers to trust; here its signature needs a digest of 112 bits and more, as every signer's.
class FurtherSigner : public CertifiedKey {
 public:
  /// Throws as Signer does; Error(refused) where the certificate's key is of no kind for a further signature, or of one
  /// that this libcrypto does not offer.
  FurtherSigner(const std::filesystem::path& certificate, const std::string& key, std::time_t now,
                const AskPassphrase& ask = {})
      : FurtherSigner(X509Certificate::read(certificate, ask), key, now, ask) {}

 private:
  FurtherSigner(const X509Certificate& certificate, const std::string& key, std::time_t now, const AskPassphrase& ask);
};

/// A certificate has at most so many signatures beside the first.
inline constexpr std::size_t most_further_signatures = 2;

/// Throws Error(usage) where these are too many, or two of them have one kind.
void require_together(std::span<const FurtherSigner> further);

}  // namespace lightseed
