// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>

#include "crypto/handles.h"

namespace lightseed {

using Sha256Digest = std::array<std::byte, 32>;

/// SHA-256 over a stream (FIPS 180-4, by OpenSSL).
class Sha256 {
 public:
  Sha256();
  Sha256& update(std::span<const std::byte> bytes);
  Sha256& update(std::string_view text);

  /// The digest of everything so far; the stream goes on.
  [[nodiscard]] Sha256Digest digest() const;

 private:
  openssl::Handle<EVP_MD_CTX> context_;
};

Sha256Digest sha256(std::span<const std::byte> bytes);

/// A digest from 64 hexadecimal digits. Throws Error(malformed): `what` is none.
Sha256Digest sha256_from_hex(std::string_view text, std::string_view what);

/// SHA-256 of a regular file's content; what is none is not waited for. Throws Error(io) naming it.
Sha256Digest sha256_of_file(const std::string& path);

}  // namespace lightseed
