#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>

struct evp_md_ctx_st;

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
  struct Free {
    void operator()(evp_md_ctx_st* context) const noexcept;
  };
  std::unique_ptr<evp_md_ctx_st, Free> context_;
};

Sha256Digest sha256(std::span<const std::byte> bytes);

/// SHA-256 of a file's content. Throws Error(io) naming the file.
Sha256Digest sha256_of_file(const std::string& path);

}  // namespace lightseed
