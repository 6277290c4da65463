// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <openssl/types.h>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/secret_bytes.h"
#include "crypto/handles.h"

namespace lightseed {

/// A deterministic random bit generator of SP 800-90A Rev. 1, at a security strength of 256 bits (128 for AES-128): the
/// implementation is OpenSSL's. It never reseeds by itself; whoever owns it decides (entropy/drbg/random_bits.h).
class Drbg {
 public:
  /// "hash-sha2-256", "hash-sha2-512", "hmac-sha2-256", "hmac-sha2-512", "ctr-aes-128", "ctr-aes-256", the last two
  /// with derivation function.
  static const std::vector<std::string>& names();

  /// Instantiates (9.1). `entropy` holds at least the security strength in bits of entropy, `nonce` half as many.
  /// Throws Error(usage) for an unknown name, listing
  /// the known ones, or too little entropy; Error(io) when OpenSSL cannot.
  Drbg(std::string_view name, std::span<const std::byte> entropy, std::span<const std::byte> nonce,
       std::span<const std::byte> personalization = {});
  ~Drbg();
  Drbg(const Drbg&) = delete;
  Drbg& operator=(const Drbg&) = delete;

  /// 9.2, with fresh entropy of at least the security strength.
  void reseed(std::span<const std::byte> entropy, std::span<const std::byte> additional = {});

  /// 9.3, without prediction resistance. Up to 2^16 bytes. Throws Error(refused) after 2^48 requests without reseed
  /// (Table 2 and 3), Error(usage) for a longer request.
  void generate(std::span<std::byte> out, std::span<const std::byte> additional = {});

  [[nodiscard]] const std::string& name() const noexcept { return name_; }
  /// Bits.
  [[nodiscard]] unsigned strength() const noexcept { return strength_; }
  [[nodiscard]] std::uint64_t requests_since_seed() const noexcept { return requests_; }

  static constexpr std::size_t most_bytes = std::size_t{1} << 16;
  static constexpr std::uint64_t most_requests = std::uint64_t{1} << 48;

 private:
  std::string name_;
  unsigned strength_ = 0;
  std::uint64_t requests_ = 0;
  openssl::Handle<EVP_RAND_CTX> parent_;  ///< hands out what the caller gave, nothing of its own
  openssl::Handle<EVP_RAND_CTX> drbg_;

  void offer(std::span<const std::byte> entropy, std::span<const std::byte> nonce);
};

}  // namespace lightseed
