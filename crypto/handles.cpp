// SPDX-License-Identifier: Apache-2.0
#include "crypto/handles.h"

#include <fmt/format.h>
#include <openssl/asn1.h>
#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/cms.h>
#include <openssl/crypto.h>
#include <openssl/ecdsa.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/params.h>
#include <openssl/x509.h>
#include <openssl/x509_vfy.h>

#include "core/error.h"

namespace lightseed::openssl {

void Free::operator()(ASN1_OBJECT* object) const noexcept {
  ASN1_OBJECT_free(object);
}
void Free::operator()(BIGNUM* object) const noexcept {
  BN_clear_free(object);
}
void Free::operator()(BIO* object) const noexcept {
  BIO_free_all(object);
}
void Free::operator()(CMS_ContentInfo_st* object) const noexcept {
  CMS_ContentInfo_free(object);
}
void Free::operator()(ECDSA_SIG_st* object) const noexcept {
  ECDSA_SIG_free(object);
}
void Free::operator()(EVP_CIPHER* object) const noexcept {
  EVP_CIPHER_free(object);
}
void Free::operator()(EVP_CIPHER_CTX* object) const noexcept {
  EVP_CIPHER_CTX_free(object);
}
void Free::operator()(EVP_MAC* object) const noexcept {
  EVP_MAC_free(object);
}
void Free::operator()(EVP_MAC_CTX* object) const noexcept {
  EVP_MAC_CTX_free(object);
}
void Free::operator()(EVP_MD* object) const noexcept {
  EVP_MD_free(object);
}
void Free::operator()(EVP_MD_CTX* object) const noexcept {
  EVP_MD_CTX_free(object);
}
void Free::operator()(EVP_PKEY* object) const noexcept {
  EVP_PKEY_free(object);
}
void Free::operator()(EVP_PKEY_CTX* object) const noexcept {
  EVP_PKEY_CTX_free(object);
}
void Free::operator()(EVP_RAND* object) const noexcept {
  EVP_RAND_free(object);
}
void Free::operator()(EVP_RAND_CTX* object) const noexcept {
  EVP_RAND_CTX_free(object);
}
void Free::operator()(EVP_SIGNATURE* object) const noexcept {
  EVP_SIGNATURE_free(object);
}
void Free::operator()(OSSL_PARAM* object) const noexcept {
  OSSL_PARAM_free(object);
}
void Free::operator()(OSSL_PARAM_BLD* object) const noexcept {
  OSSL_PARAM_BLD_free(object);
}
void Free::operator()(X509* object) const noexcept {
  X509_free(object);
}
void Free::operator()(X509_STORE* object) const noexcept {
  X509_STORE_free(object);
}
void Free::operator()(X509_STORE_CTX* object) const noexcept {
  X509_STORE_CTX_free(object);
}
void Free::operator()(unsigned char* bytes) const noexcept {
  OPENSSL_free(bytes);
}

std::string reason() {
  const unsigned long error = ERR_peek_last_error();
  const char* const words = error != 0 ? ERR_reason_error_string(error) : nullptr;
  ERR_clear_error();
  return words != nullptr ? words : "no reason given";
}

void require(bool ok, std::string_view what) {
  if (!ok) throw Error(Category::crypto, fmt::format("OpenSSL cannot {}: {}", what, reason()));
}

}  // namespace lightseed::openssl
