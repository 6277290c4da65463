// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <openssl/types.h>

#include <cstddef>
#include <memory>
#include <span>
#include <vector>

namespace lightseed {

/// RSA as other programs' formats ask for it.

/// OAEP with SHA-256 and MGF1 with SHA-256, without a label (RFC 8017, 7.1). Throws Error(crypto).
std::vector<std::byte> rsa_oaep_encrypted(EVP_PKEY* key, std::span<const std::byte> plain);

/// A private RSA key that signs, wherever it lives.
class RsaSigner {
 public:
  virtual ~RsaSigner() = default;
  RsaSigner() = default;
  RsaSigner(const RsaSigner&) = delete;
  RsaSigner& operator=(const RsaSigner&) = delete;

  /// Its public half, or a key that has one; the signer's.
  [[nodiscard]] virtual EVP_PKEY* public_key() const noexcept = 0;
  /// A signature of PKCS #1 v1.5 with SHA-512 (RFC 8017, 8.2). Throws Error(crypto), or Error(device) when a token is
  /// gone.
  [[nodiscard]] virtual std::vector<std::byte> sign(std::span<const std::byte> text) const = 0;
};

/// A private key of RSA in this process' memory.
std::unique_ptr<const RsaSigner> rsa_signer_of(std::shared_ptr<EVP_PKEY> key);

/// Whether a signature as RsaSigner makes it is this key's over `text`.
bool rsa_signature_is_valid(EVP_PKEY* key, std::span<const std::byte> text, std::span<const std::byte> signature);

}  // namespace lightseed
