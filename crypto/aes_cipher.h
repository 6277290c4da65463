// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>
#include <string>

namespace lightseed {

/// AES (FIPS 197) in the modes that other programs' formats ask for, for many short texts under one key, wherever that
/// lives: in memory (aes.h) or in a token (token_aes_key.h). None of the modes authenticates by itself but the wraps.
class AesCipher {
 public:
  enum class Mode {
    ecb,          ///< whole blocks of 16 bytes, each by itself (SP 800-38A)
    cbc,          ///< whole blocks under an IV (SP 800-38A)
    cbc_padded,   ///< any length: 1 to 16 bytes of padding, each its number (RFC 5652 6.3)
    wrap,         ///< key wrap, RFC 3394: a multiple of 8 bytes, 16 at least
    wrap_padded,  ///< key wrap with padding, RFC 5649: 1 byte at least
  };
  static constexpr std::size_t block_bytes = 16;

  virtual ~AesCipher() = default;

  /// How long the ciphertext of `bytes` is. Throws Error(internal) for a length the mode does not take.
  [[nodiscard]] std::size_t encrypted_size(std::size_t bytes) const;

  /// Encrypts `in` into `out`, which has encrypted_size() bytes and does not overlap it. `iv` has 16 bytes with the CBC
  /// modes and none with the others. Throws Error(internal) for wrong lengths, Error(crypto), Error(device) when a
  /// token is gone.
  void encrypt(std::span<const std::byte> iv, std::span<const std::byte> in, std::span<std::byte> out);

 protected:
  /// Throws Error(internal) for a key that has not 16, 24 or 32 bytes.
  AesCipher(Mode mode, std::size_t key_bytes);
  AesCipher(const AesCipher&) = default;
  AesCipher(AesCipher&&) = default;
  AesCipher& operator=(const AesCipher&) = default;
  AesCipher& operator=(AesCipher&&) = default;

  [[nodiscard]] Mode mode() const noexcept { return mode_; }
  [[nodiscard]] std::size_t key_bytes() const noexcept { return key_bytes_; }
  /// As libcrypto calls the mode: "AES-256-WRAP-PAD".
  [[nodiscard]] std::string name() const;

 private:
  Mode mode_;
  std::size_t key_bytes_;

  /// encrypt(), of lengths that fit.
  virtual void run(std::span<const std::byte> iv, std::span<const std::byte> in, std::span<std::byte> out) = 0;
};

}  // namespace lightseed
