// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>

#include "core/secret_bytes.h"
#include "crypto/aes_cipher.h"

namespace lightseed {

/// What may be told of an AES key, so that two ends find out whether they have the same. It shows 24 bits about the
/// key.
struct KeyCheck {
  std::string value;   ///< hexadecimal
  std::string method;  ///< how it was made
};

/// An AES key that texts are encrypted under, wherever it lives. Nothing but ciphertext ever leaves it.
class AesKey {
 public:
  virtual ~AesKey() = default;
  AesKey() = default;
  AesKey(const AesKey&) = delete;
  AesKey& operator=(const AesKey&) = delete;

  /// 16, 24 or 32.
  [[nodiscard]] virtual std::size_t bytes() const noexcept = 0;
  /// A cipher under this key, which need not live as long. Throws Error(crypto); with a token Error(device), and
  /// Error(refused) for a mode that the token has not or the key is not for.
  [[nodiscard]] virtual std::unique_ptr<AesCipher> cipher(AesCipher::Mode mode) const = 0;
  /// GlobalPlatform's check value; of a token's key that may wrap alone, what the token tells. Throws as cipher() does.
  [[nodiscard]] virtual KeyCheck check() const = 0;
};

/// A key in this process' secret memory.
std::unique_ptr<const AesKey> aes_key_of(SecretBytes key);

/// GlobalPlatform's key check value for AES (Card Specification 2.3, B.6): the first three bytes of sixteen bytes 01
/// encrypted in ECB. `cipher` is one of ECB, or of CBC with `iv` of 16 zeros. For transport keys alone.
KeyCheck global_platform_check(AesCipher& cipher, std::span<const std::byte> iv = {});

}  // namespace lightseed
