// SPDX-License-Identifier: Apache-2.0
#include "crypto/cbc_with_mac.h"

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/params.h>

#include <array>
#include <cstring>
#include <string>
#include <utility>

#include "core/byte_views.h"
#include "core/error.h"
#include "core/system_random.h"
#include "crypto/aes.h"

namespace lightseed {
namespace {

openssl::Handle<EVP_MAC_CTX> hmac_under(std::span<const std::byte> key, std::string_view digest) {
  const openssl::Handle<EVP_MAC> hmac(EVP_MAC_fetch(nullptr, "HMAC", nullptr));
  openssl::Handle<EVP_MAC_CTX> context(hmac != nullptr ? EVP_MAC_CTX_new(hmac.get()) : nullptr);
  std::string name(digest);
  const std::array<OSSL_PARAM, 2> parameters{OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, name.data(), 0),
                                             OSSL_PARAM_construct_end()};
  openssl::require(
      context != nullptr && EVP_MAC_init(context.get(), octets(key.data()), key.size(), parameters.data()) == 1,
      "compute HMAC with " + name);
  return context;
}

}  // namespace

CbcWithMac::CbcWithMac(std::unique_ptr<AesCipher> cipher, std::span<const std::byte> mac_key, std::string_view digest)
    : aes_(std::move(cipher)), mac_(hmac_under(mac_key, digest)), tag_(EVP_MAC_CTX_get_mac_size(mac_.get())) {}

CbcWithMac::CbcWithMac(std::span<const std::byte> key, std::span<const std::byte> mac_key, std::string_view digest)
    : CbcWithMac(std::make_unique<Aes>(Aes::Mode::cbc_padded, key), mac_key, digest) {}

SealedText CbcWithMac::seal(std::span<const std::byte> plain) {
  std::array<std::byte, AesCipher::block_bytes> iv;
  system_random(iv);
  return seal(plain, iv);
}

SealedText CbcWithMac::seal(std::span<const std::byte> plain, std::span<const std::byte> iv) {
  if (iv.size() != AesCipher::block_bytes) throw Error(Category::internal, "an IV has 16 bytes");
  text_.resize(iv.size() + aes_->encrypted_size(plain.size()));
  std::memcpy(text_.data(), iv.data(), iv.size());
  aes_->encrypt(iv, plain, std::span(text_).subspan(iv.size()));
  std::size_t written = 0;
  openssl::require(EVP_MAC_init(mac_.get(), nullptr, 0, nullptr) == 1 &&
                       EVP_MAC_update(mac_.get(), octets(text_.data()), text_.size()) == 1 &&
                       EVP_MAC_final(mac_.get(), octets(tag_.data()), &written, tag_.size()) == 1 &&
                       written == tag_.size(),
                   "compute an HMAC");
  return {text_, tag_};
}

}  // namespace lightseed
