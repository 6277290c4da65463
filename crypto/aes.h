// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>

#include "crypto/aes_cipher.h"
#include "crypto/handles.h"

namespace lightseed {

/// AES of libcrypto, under a key that is given.
class Aes final : public AesCipher {
 public:
  /// `key` has 16, 24 or 32 bytes. Throws Error(internal) for another length, Error(crypto).
  Aes(Mode mode, std::span<const std::byte> key);

  /// From now on under this key, of the same length.
  void rekey(std::span<const std::byte> key);

 private:
  openssl::Handle<EVP_CIPHER_CTX> context_;

  void run(std::span<const std::byte> iv, std::span<const std::byte> in, std::span<std::byte> out) override;
};

}  // namespace lightseed
