// SPDX-License-Identifier: Apache-2.0
#include "crypto/evp_signature.h"

#include <openssl/evp.h>

#include "core/byte_views.h"
#include "crypto/handles.h"

namespace lightseed {

std::vector<std::byte> signature_by(EVP_MD_CTX* context, std::span<const std::byte> message, const char* what) {
  std::size_t length = 0;
  openssl::require(EVP_DigestSign(context, nullptr, &length, octets(message.data()), message.size()) == 1, what);
  std::vector<std::byte> signature(length);
  openssl::require(
      EVP_DigestSign(context, octets(signature.data()), &length, octets(message.data()), message.size()) == 1, what);
  signature.resize(length);
  return signature;
}

bool is_signature_by(EVP_MD_CTX* context, std::span<const std::byte> message, std::span<const std::byte> signature) {
  return EVP_DigestVerify(context, octets(signature.data()), signature.size(), octets(message.data()),
                          message.size()) == 1;
}

}  // namespace lightseed
