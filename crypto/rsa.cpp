// SPDX-License-Identifier: Apache-2.0
#include "crypto/rsa.h"

#include <openssl/evp.h>
#include <openssl/rsa.h>

#include "core/byte_views.h"
#include "crypto/handles.h"

namespace lightseed {

std::vector<std::byte> rsa_oaep_encrypted(EVP_PKEY* key, std::span<const std::byte> plain) {
  const openssl::Handle<EVP_PKEY_CTX> context(EVP_PKEY_CTX_new_from_pkey(nullptr, key, nullptr));
  std::size_t size = 0;
  openssl::require(context != nullptr && EVP_PKEY_encrypt_init(context.get()) == 1 &&
                       EVP_PKEY_CTX_set_rsa_padding(context.get(), RSA_PKCS1_OAEP_PADDING) == 1 &&
                       EVP_PKEY_CTX_set_rsa_oaep_md(context.get(), EVP_sha256()) == 1 &&
                       EVP_PKEY_CTX_set_rsa_mgf1_md(context.get(), EVP_sha256()) == 1 &&
                       EVP_PKEY_encrypt(context.get(), nullptr, &size, octets(plain.data()), plain.size()) == 1,
                   "encrypt with RSA");
  std::vector<std::byte> out(size);
  openssl::require(EVP_PKEY_encrypt(context.get(), octets(out.data()), &size, octets(plain.data()), plain.size()) == 1,
                   "encrypt with RSA");
  out.resize(size);
  return out;
}

std::vector<std::byte> rsa_signature(EVP_PKEY* key, std::span<const std::byte> text) {
  const openssl::Handle<EVP_MD_CTX> context(EVP_MD_CTX_new());
  std::size_t size = 0;
  openssl::require(context != nullptr && EVP_DigestSignInit(context.get(), nullptr, EVP_sha512(), nullptr, key) == 1 &&
                       EVP_DigestSign(context.get(), nullptr, &size, octets(text.data()), text.size()) == 1,
                   "sign with RSA");
  std::vector<std::byte> out(size);
  openssl::require(EVP_DigestSign(context.get(), octets(out.data()), &size, octets(text.data()), text.size()) == 1,
                   "sign with RSA");
  out.resize(size);
  return out;
}

}  // namespace lightseed
