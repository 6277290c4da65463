// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>

#include "crypto/handles.h"

namespace lightseed {

/// AES (FIPS 197) of libcrypto in the modes that other programs' formats ask for, for many short texts under one key.
/// None of them authenticates by itself but the wraps.
class Aes {
 public:
  enum class Mode {
    ecb,          ///< whole blocks of 16 bytes, each by itself (SP 800-38A)
    cbc,          ///< whole blocks under an IV (SP 800-38A)
    cbc_padded,   ///< any length: 1 to 16 bytes of padding, each its number (RFC 5652 6.3)
    wrap,         ///< key wrap, RFC 3394: a multiple of 8 bytes, 16 at least
    wrap_padded,  ///< key wrap with padding, RFC 5649: 1 byte at least
  };
  static constexpr std::size_t block_bytes = 16;

  /// `key` has 16, 24 or 32 bytes. Throws Error(internal) for another length, Error(crypto).
  Aes(Mode mode, std::span<const std::byte> key);

  /// From now on under this key, of the same length.
  void rekey(std::span<const std::byte> key);

  /// How long the ciphertext of `bytes` is. Throws Error(internal) for a length the mode does not take.
  [[nodiscard]] std::size_t encrypted_size(std::size_t bytes) const;

  /// Encrypts `in` into `out`, which has encrypted_size() bytes and does not overlap it. `iv` has 16 bytes with the CBC
  /// modes and none with the others. Throws Error(internal) for wrong lengths, Error(crypto).
  void encrypt(std::span<const std::byte> iv, std::span<const std::byte> in, std::span<std::byte> out);

 private:
  Mode mode_;
  std::size_t key_bytes_;
  openssl::Handle<EVP_CIPHER_CTX> context_;
};

}  // namespace lightseed
