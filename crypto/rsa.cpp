// SPDX-License-Identifier: Apache-2.0
#include "crypto/rsa.h"

#include <openssl/evp.h>
#include <openssl/rsa.h>

#include <utility>

#include "core/byte_views.h"
#include "crypto/handles.h"

namespace lightseed {
namespace {

class HeldRsaKey final : public RsaSigner {
 public:
  explicit HeldRsaKey(std::shared_ptr<EVP_PKEY> key) : key_(std::move(key)) {}

  [[nodiscard]] EVP_PKEY* public_key() const noexcept override { return key_.get(); }
  [[nodiscard]] std::vector<std::byte> sign(std::span<const std::byte> text) const override {
    const openssl::Handle<EVP_MD_CTX> context(EVP_MD_CTX_new());
    std::size_t size = 0;
    openssl::require(context != nullptr &&
                         EVP_DigestSignInit(context.get(), nullptr, EVP_sha512(), nullptr, key_.get()) == 1 &&
                         EVP_DigestSign(context.get(), nullptr, &size, octets(text.data()), text.size()) == 1,
                     "sign with RSA");
    std::vector<std::byte> out(size);
    openssl::require(EVP_DigestSign(context.get(), octets(out.data()), &size, octets(text.data()), text.size()) == 1,
                     "sign with RSA");
    out.resize(size);
    return out;
  }

 private:
  std::shared_ptr<EVP_PKEY> key_;
};

}  // namespace

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

std::unique_ptr<const RsaSigner> rsa_signer_of(std::shared_ptr<EVP_PKEY> key) {
  return std::make_unique<HeldRsaKey>(std::move(key));
}

bool rsa_signature_is_valid(EVP_PKEY* key, std::span<const std::byte> text, std::span<const std::byte> signature) {
  const openssl::Handle<EVP_MD_CTX> context(EVP_MD_CTX_new());
  openssl::require(context != nullptr && EVP_DigestVerifyInit(context.get(), nullptr, EVP_sha512(), nullptr, key) == 1,
                   "verify with RSA");
  const bool valid = EVP_DigestVerify(context.get(), octets(signature.data()), signature.size(), octets(text.data()),
                                      text.size()) == 1;
  (void)openssl::reason();
  return valid;
}

}  // namespace lightseed
