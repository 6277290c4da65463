#include "crypto/digest.h"

#include <openssl/evp.h>

#include <cerrno>
#include <cstdio>
#include <vector>

#include "core/error.h"

namespace lightseed {
namespace {

void require(int result) {
  if (result != 1) throw Error(Category::io, "OpenSSL cannot compute SHA-256");
}

}  // namespace

void Sha256::Free::operator()(evp_md_ctx_st* context) const noexcept {
  EVP_MD_CTX_free(context);
}

Sha256::Sha256() : context_(EVP_MD_CTX_new()) {
  // Fetched once: an implicit fetch for every leaf of a Merkle tree would cost more than the hash.
  static const EVP_MD* const md = EVP_MD_fetch(nullptr, "SHA2-256", nullptr);
  require(context_ != nullptr && EVP_DigestInit_ex2(context_.get(), md, nullptr) == 1 ? 1 : 0);
}

Sha256& Sha256::update(std::span<const std::byte> bytes) {
  require(EVP_DigestUpdate(context_.get(), bytes.data(), bytes.size()));
  return *this;
}

Sha256& Sha256::update(std::string_view text) {
  return update(std::as_bytes(std::span(text.data(), text.size())));
}

Sha256Digest Sha256::digest() const {
  const std::unique_ptr<EVP_MD_CTX, Free> copy(EVP_MD_CTX_new());
  require(copy != nullptr ? EVP_MD_CTX_copy_ex(copy.get(), context_.get()) : 0);
  Sha256Digest result;
  require(EVP_DigestFinal_ex(copy.get(), static_cast<unsigned char*>(static_cast<void*>(result.data())), nullptr));
  return result;
}

Sha256Digest sha256(std::span<const std::byte> bytes) {
  return Sha256().update(bytes).digest();
}

Sha256Digest sha256_of_file(const std::string& path) {
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(path.c_str(), "rbe"), std::fclose);
  if (file == nullptr) throw system_error("open", path, errno);
  Sha256 hash;
  std::vector<std::byte> buffer(1 << 18);
  while (const std::size_t got = std::fread(buffer.data(), 1, buffer.size(), file.get())) {
    hash.update(std::span(buffer).first(got));
  }
  if (std::ferror(file.get()) != 0) throw system_error("read", path, errno);
  return hash.digest();
}

}  // namespace lightseed
