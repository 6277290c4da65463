// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <openssl/types.h>

#include <memory>
#include <string>
#include <string_view>

struct CMS_ContentInfo_st;
struct ECDSA_SIG_st;

namespace lightseed::openssl {

/// Gives back what OpenSSL made.
struct Free {
  void operator()(ASN1_OBJECT* object) const noexcept;
  void operator()(BIGNUM* object) const noexcept;  ///< wiped
  void operator()(BIO* object) const noexcept;
  void operator()(CMS_ContentInfo_st* object) const noexcept;
  void operator()(ECDSA_SIG_st* object) const noexcept;
  void operator()(EVP_CIPHER* object) const noexcept;
  void operator()(EVP_CIPHER_CTX* object) const noexcept;
  void operator()(EVP_MAC* object) const noexcept;
  void operator()(EVP_MAC_CTX* object) const noexcept;
  void operator()(EVP_MD* object) const noexcept;
  void operator()(EVP_MD_CTX* object) const noexcept;
  void operator()(EVP_PKEY* object) const noexcept;
  void operator()(EVP_PKEY_CTX* object) const noexcept;
  void operator()(EVP_RAND* object) const noexcept;
  void operator()(EVP_RAND_CTX* object) const noexcept;
  void operator()(EVP_SIGNATURE* object) const noexcept;
  void operator()(OSSL_PARAM* object) const noexcept;
  void operator()(OSSL_PARAM_BLD* object) const noexcept;
  void operator()(X509* object) const noexcept;
  void operator()(X509_STORE* object) const noexcept;
  void operator()(X509_STORE_CTX* object) const noexcept;
  void operator()(unsigned char* bytes) const noexcept;  ///< from OPENSSL_malloc, as i2d_… makes them
};

template <typename T>
using Handle = std::unique_ptr<T, Free>;

/// The reason of OpenSSL's latest error in words; clears its queue. "no reason given" when it is empty.
std::string reason();

/// Throws Error(crypto) "OpenSSL cannot WHAT: reason" when `ok` is false.
void require(bool ok, std::string_view what);

}  // namespace lightseed::openssl
