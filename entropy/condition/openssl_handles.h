#pragma once

#include <openssl/evp.h>

#include <memory>
#include <string_view>

namespace lightseed::openssl {

struct Free {
  void operator()(EVP_MD_CTX* p) const noexcept { EVP_MD_CTX_free(p); }
  void operator()(EVP_MD* p) const noexcept { EVP_MD_free(p); }
  void operator()(EVP_MAC* p) const noexcept { EVP_MAC_free(p); }
  void operator()(EVP_MAC_CTX* p) const noexcept { EVP_MAC_CTX_free(p); }
  void operator()(EVP_CIPHER* p) const noexcept { EVP_CIPHER_free(p); }
  void operator()(EVP_CIPHER_CTX* p) const noexcept { EVP_CIPHER_CTX_free(p); }
  void operator()(EVP_RAND* p) const noexcept { EVP_RAND_free(p); }
  void operator()(EVP_RAND_CTX* p) const noexcept { EVP_RAND_CTX_free(p); }
};

template <typename T>
using Handle = std::unique_ptr<T, Free>;

/// Throws Error(io) naming the function when `ok` is false.
void require(bool ok, std::string_view what);

}  // namespace lightseed::openssl
