// SPDX-License-Identifier: Apache-2.0
#include "crypto/digest.h"

#include <fmt/format.h>
#include <openssl/evp.h>

#include <cerrno>
#include <cstdio>
#include <vector>

#include "core/atomic_file.h"
#include "core/byte_views.h"
#include "core/error.h"
#include "core/hex.h"

namespace lightseed {
namespace {

void require_digest(int result) {
  openssl::require(result == 1, "compute SHA-256");
}

}  // namespace

Sha256::Sha256() : context_(EVP_MD_CTX_new()) {
  // Fetched once: an implicit fetch for every leaf of a Merkle tree would cost more than the hash.
  static const EVP_MD* const md = EVP_MD_fetch(nullptr, "SHA2-256", nullptr);
  require_digest(context_ != nullptr && EVP_DigestInit_ex2(context_.get(), md, nullptr) == 1 ? 1 : 0);
}

Sha256& Sha256::update(std::span<const std::byte> bytes) {
  require_digest(EVP_DigestUpdate(context_.get(), bytes.data(), bytes.size()));
  return *this;
}

Sha256& Sha256::update(std::string_view text) {
  return update(bytes_of(text));
}

Sha256Digest Sha256::digest() const {
  const openssl::Handle<EVP_MD_CTX> copy(EVP_MD_CTX_new());
  require_digest(copy != nullptr ? EVP_MD_CTX_copy_ex(copy.get(), context_.get()) : 0);
  Sha256Digest result;
  require_digest(EVP_DigestFinal_ex(copy.get(), octets(result.data()), nullptr));
  return result;
}

Sha256Digest sha256(std::span<const std::byte> bytes) {
  return Sha256().update(bytes).digest();
}

Sha256Digest sha256_from_hex(std::string_view text, std::string_view what) {
  Sha256Digest digest{};
  if (!from_hex(text, digest)) throw Error(Category::malformed, fmt::format("{} is no SHA-256 in hexadecimal", what));
  return digest;
}

Sha256Digest sha256_of_file(const std::string& path) {
  const auto [file, size] = open_regular_file(path);
  Sha256 hash;
  std::vector<std::byte> buffer(1 << 18);
  while (const std::size_t got = std::fread(buffer.data(), 1, buffer.size(), file.get())) {
    hash.update(std::span(buffer).first(got));
  }
  if (std::ferror(file.get()) != 0) throw system_error("read", path, errno);
  return hash.digest();
}

}  // namespace lightseed
