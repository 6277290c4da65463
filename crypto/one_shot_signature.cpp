// SPDX-License-Identifier: Apache-2.0
#include "crypto/one_shot_signature.h"

#include <openssl/evp.h>

#include "crypto/evp_signature.h"
#include "crypto/handles.h"

namespace lightseed {

bool is_key_of(const EVP_PKEY* key, const char* type) {
  return key != nullptr && EVP_PKEY_is_a(key, type) == 1;
}

std::vector<std::byte> one_shot_signature(EVP_PKEY* key, std::span<const std::byte> message) {
  const openssl::Handle<EVP_MD_CTX> context(EVP_MD_CTX_new());
  openssl::require(
      context != nullptr && EVP_DigestSignInit_ex(context.get(), nullptr, nullptr, nullptr, nullptr, key, nullptr) == 1,
      "sign");
  return signature_by(context.get(), message, "sign");
}

bool one_shot_signature_is_valid(EVP_PKEY* key, const char* type, std::size_t length,
                                 std::span<const std::byte> message, std::span<const std::byte> signature) {
  if (!is_key_of(key, type) || signature.size() != length) return false;
  const openssl::Handle<EVP_MD_CTX> context(EVP_MD_CTX_new());
  const bool good = context != nullptr &&
                    EVP_DigestVerifyInit_ex(context.get(), nullptr, nullptr, nullptr, nullptr, key, nullptr) == 1 &&
                    is_signature_by(context.get(), message, signature);
  openssl::reason();
  return good;
}

}  // namespace lightseed
