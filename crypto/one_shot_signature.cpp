// SPDX-License-Identifier: Apache-2.0
#include "crypto/one_shot_signature.h"

#include <openssl/evp.h>

#include "core/byte_views.h"
#include "crypto/handles.h"

namespace lightseed {

bool is_key_of(const EVP_PKEY* key, const char* type) {
  return key != nullptr && EVP_PKEY_is_a(key, type) == 1;
}

std::vector<std::byte> one_shot_signature(EVP_PKEY* key, std::span<const std::byte> message) {
  const openssl::Handle<EVP_MD_CTX> context(EVP_MD_CTX_new());
  std::size_t length = 0;
  openssl::require(context != nullptr &&
                       EVP_DigestSignInit_ex(context.get(), nullptr, nullptr, nullptr, nullptr, key, nullptr) == 1 &&
                       EVP_DigestSign(context.get(), nullptr, &length, octets(message.data()), message.size()) == 1,
                   "sign");
  std::vector<std::byte> signature(length);
  openssl::require(
      EVP_DigestSign(context.get(), octets(signature.data()), &length, octets(message.data()), message.size()) == 1,
      "sign");
  signature.resize(length);
  return signature;
}

bool one_shot_signature_is_valid(EVP_PKEY* key, const char* type, std::size_t length,
                                 std::span<const std::byte> message, std::span<const std::byte> signature) {
  if (!is_key_of(key, type) || signature.size() != length) return false;
  const openssl::Handle<EVP_MD_CTX> context(EVP_MD_CTX_new());
  const bool good = context != nullptr &&
                    EVP_DigestVerifyInit_ex(context.get(), nullptr, nullptr, nullptr, nullptr, key, nullptr) == 1 &&
                    EVP_DigestVerify(context.get(), octets(signature.data()), signature.size(), octets(message.data()),
                                     message.size()) == 1;
  openssl::reason();
  return good;
}

}  // namespace lightseed
