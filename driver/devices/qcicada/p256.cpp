// SPDX-License-Identifier: Apache-2.0
#include "driver/devices/qcicada/p256.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>

#include <algorithm>
#include <array>
#include <vector>

#include "core/byte_views.h"
#include "crypto/handles.h"

namespace lightseed {
namespace {

openssl::Handle<EVP_PKEY> key_from(std::span<const std::byte> xy) {
  std::array<unsigned char, 65> point{4};  // uncompressed
  std::copy_n(octets(xy.data()), 64, point.begin() + 1);
  std::array<char, 11> group{"prime256v1"};
  const std::array<OSSL_PARAM, 3> parameters{
      OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, group.data(), 0),
      OSSL_PARAM_construct_octet_string(OSSL_PKEY_PARAM_PUB_KEY, point.data(), point.size()),
      OSSL_PARAM_construct_end()};
  const openssl::Handle<EVP_PKEY_CTX> context(EVP_PKEY_CTX_new_from_name(nullptr, "EC", nullptr));
  EVP_PKEY* key = nullptr;
  if (!context || EVP_PKEY_fromdata_init(context.get()) != 1) return nullptr;
  EVP_PKEY_fromdata(context.get(), &key, EVP_PKEY_PUBLIC_KEY, const_cast<OSSL_PARAM*>(parameters.data()));
  return openssl::Handle<EVP_PKEY>(key);
}

std::vector<unsigned char> der_from(std::span<const std::byte> rs) {
  const openssl::Handle<ECDSA_SIG> signature(ECDSA_SIG_new());
  BIGNUM* r = BN_bin2bn(octets(rs.data()), 32, nullptr);
  BIGNUM* s = BN_bin2bn(octets(rs.data()) + 32, 32, nullptr);
  if (!signature || r == nullptr || s == nullptr || ECDSA_SIG_set0(signature.get(), r, s) != 1) return {};
  unsigned char* bytes = nullptr;
  const int size = i2d_ECDSA_SIG(signature.get(), &bytes);
  const openssl::Handle<unsigned char> owned(bytes);
  return size > 0 ? std::vector<unsigned char>(bytes, bytes + size) : std::vector<unsigned char>{};
}

}  // namespace

bool p256_verify(std::span<const std::byte> public_key, std::span<const std::byte> message,
                 std::span<const std::byte> signature) {
  if (public_key.size() != 64 || signature.size() != 64) return false;
  const auto key = key_from(public_key);
  const auto der = der_from(signature);
  const openssl::Handle<EVP_MD_CTX> context(EVP_MD_CTX_new());
  if (!key || der.empty() || !context) return false;
  return EVP_DigestVerifyInit(context.get(), nullptr, EVP_sha256(), nullptr, key.get()) == 1 &&
         EVP_DigestVerify(context.get(), der.data(), der.size(), octets(message.data()), message.size()) == 1;
}

}  // namespace lightseed
