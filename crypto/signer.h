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
#include "crypto/signing_key.h"
#include "crypto/x509.h"
#include "evidence/signer_record.h"

namespace lightseed {

/// Who signs a batch: an ECDSA P-384 key and its certificate.
class Signer {
 public:
  /// `key` is what open_signing_key() takes. Everything is tried before it is needed: the key signs once, and the
  /// certificate must verify that.
  /// Throws as X509Certificate::read() and open_signing_key() do; Error(refused) when the certificate is not valid at
  /// `now`, not for signing, a certification authority's, or not that of the key.
  Signer(const std::filesystem::path& certificate, const std::string& key, std::time_t now);

  [[nodiscard]] const X509Certificate& certificate() const noexcept { return certificate_; }

  /// ECDSA with SHA-384, DER encoded, with the lower s.
  [[nodiscard]] std::vector<std::byte> sign(std::span<const std::byte> message) const;

  /// What the evidence says of it.
  [[nodiscard]] SignerRecord record() const;

 private:
  X509Certificate certificate_;
  std::shared_ptr<const SigningKey> key_;
};

}  // namespace lightseed
