// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

namespace lightseed {

/// A vetted conditioning component (SP 800-90B, Table 1, and NIST's updates page): a cryptographic function that
/// presses input of some entropy into a short output. The cryptography is OpenSSL's.
class Conditioner {
 public:
  virtual ~Conditioner() = default;

  /// Registered name, e.g. "sha2-256".
  [[nodiscard]] virtual std::string_view name() const noexcept = 0;
  /// Length of the output. For Block_Cipher_df and Hash_df any length is possible; they are registered with that of a
  /// full-entropy output.
  [[nodiscard]] virtual unsigned output_bits() const noexcept = 0;
  /// nw of 3.1.5: the narrowest internal width.
  [[nodiscard]] virtual unsigned internal_bits() const noexcept = 0;
  /// Key length in bytes; 0 for functions without one. The key is arbitrary and need not be secret (90B 3.1.5.1.1).
  [[nodiscard]] virtual std::size_t key_bytes() const noexcept { return 0; }

  /// One output. `key` has key_bytes() bytes, `out` output_bits() / 8. Throws Error(usage) for other lengths and for
  /// input the function cannot take: CBC-MAC wants whole blocks, always the same number of them.
  virtual void condition(std::span<const std::byte> key, std::span<const std::byte> in,
                         std::span<std::byte> out) const = 0;

 protected:
  Conditioner() = default;
  Conditioner(const Conditioner&) = default;
  Conditioner& operator=(const Conditioner&) = default;
};

/// Every vetted component, made once.
const std::vector<std::unique_ptr<const Conditioner>>& conditioners();

/// By name. Throws Error(usage) listing the known names.
const Conditioner& conditioner(std::string_view name);

/// Block_Cipher_df of SP 800-90A 10.3.2 with AES of `key_bits` (128, 192, 256). `out`: 1 to 64 bytes.
void block_cipher_df(unsigned key_bits, std::span<const std::byte> in, std::span<std::byte> out);

/// Hash_df of SP 800-90A 10.3.1 with an OpenSSL hash name. `out`: up to 255 times the hash's length.
void hash_df(std::string_view hash, std::span<const std::byte> in, std::span<std::byte> out);

/// CBC-MAC with AES: the last block of CBC encryption from a zero IV. Inside 90B only, input of one fixed length.
void cbc_mac(std::span<const std::byte> key, std::span<const std::byte> in, std::span<std::byte> out);

}  // namespace lightseed
