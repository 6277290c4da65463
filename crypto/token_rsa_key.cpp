// SPDX-License-Identifier: Apache-2.0
#include "crypto/token_rsa_key.h"

#include <fmt/format.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>

#include <array>
#include <mutex>
#include <string_view>

#include "core/byte_views.h"
#include "core/error.h"
#include "crypto/handles.h"
#include "crypto/token_session.h"

namespace lightseed {
namespace {

/// What stands before a SHA-512 digest in DER of DigestInfo (RFC 8017, 9.2, note 1).
constexpr std::array<unsigned char, 19> digest_info{0x30, 0x51, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01,
                                                    0x65, 0x03, 0x04, 0x02, 0x03, 0x05, 0x00, 0x04, 0x40};
constexpr std::size_t sha512_bytes = 64;

/// Numbers are big-endian, as PKCS#11 has them.
std::shared_ptr<EVP_PKEY> rsa_key_of(std::span<const unsigned char> modulus, std::span<const unsigned char> exponent) {
  const auto number = [](std::span<const unsigned char> bytes) {
    return openssl::Handle<BIGNUM>(BN_bin2bn(bytes.data(), static_cast<int>(bytes.size()), nullptr));
  };
  const auto n = number(modulus), e = number(exponent);
  const openssl::Handle<OSSL_PARAM_BLD> builder(OSSL_PARAM_BLD_new());
  openssl::require(n != nullptr && e != nullptr && builder != nullptr &&
                       OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_N, n.get()) == 1 &&
                       OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_E, e.get()) == 1,
                   "read a public RSA key");
  const openssl::Handle<OSSL_PARAM> parameters(OSSL_PARAM_BLD_to_param(builder.get()));
  const openssl::Handle<EVP_PKEY_CTX> context(EVP_PKEY_CTX_new_from_name(nullptr, "RSA", nullptr));
  EVP_PKEY* key = nullptr;
  openssl::require(parameters != nullptr && context != nullptr && EVP_PKEY_fromdata_init(context.get()) == 1 &&
                       EVP_PKEY_fromdata(context.get(), &key, EVP_PKEY_PUBLIC_KEY, parameters.get()) == 1,
                   "read a public RSA key");
  return {key, EVP_PKEY_free};
}

class TokenRsaKey final : public RsaSigner {
 public:
  explicit TokenRsaKey(const std::string& uri)
      : session_(uri), key_(session_.find(CKO_PRIVATE_KEY, "private key")), public_(read_public()) {
    if (!session_.allows(key_, CKA_SIGN)) refuse("may not sign (CKA_SIGN)");
    const auto trial = bytes_of(std::string_view("lightseed: does this key sign?"));
    if (!rsa_signature_is_valid(public_.get(), trial, sign(trial)))
      refuse("signs what its public half does not verify");
  }

  [[nodiscard]] EVP_PKEY* public_key() const noexcept override { return public_.get(); }

  [[nodiscard]] std::vector<std::byte> sign(std::span<const std::byte> text) const override {
    std::array<unsigned char, digest_info.size() + sha512_bytes> signed_text{};
    std::copy(digest_info.begin(), digest_info.end(), signed_text.begin());
    std::size_t digest_size = sha512_bytes;
    openssl::require(EVP_Q_digest(nullptr, "SHA2-512", nullptr, text.data(), text.size(),
                                  signed_text.data() + digest_info.size(), &digest_size) == 1,
                     "digest what is to be signed");
    std::vector<std::byte> signature(static_cast<std::size_t>(EVP_PKEY_get_size(public_.get())));
    CK_ULONG size = signature.size();
    CK_MECHANISM mechanism{.mechanism = CKM_RSA_PKCS, .pParameter = nullptr, .ulParameterLen = 0};
    const std::scoped_lock lock(session_.turn());
    session_.require(session_.calls().C_SignInit(session_.handle(), &mechanism, key_), "does not sign");
    session_.require(session_.calls().C_Sign(session_.handle(), signed_text.data(), signed_text.size(),
                                             octets(signature.data()), &size),
                     "does not sign");
    if (size != signature.size())
      throw Error(Category::device, fmt::format("{} gave no signature of its key's length", session_.name()));
    return signature;
  }

 private:
  TokenSession session_;
  CK_OBJECT_HANDLE key_;
  std::shared_ptr<EVP_PKEY> public_;

  [[noreturn]] void refuse(std::string_view why) const {
    throw Error(Category::refused, fmt::format("the key in {} {}", session_.name(), why));
  }

  [[nodiscard]] std::shared_ptr<EVP_PKEY> read_public() const {
    if (session_.number(key_, CKA_KEY_TYPE) != CK_ULONG{CKK_RSA}) refuse("is not of RSA");
    const auto modulus = session_.attribute(key_, CKA_MODULUS),
               exponent = session_.attribute(key_, CKA_PUBLIC_EXPONENT);
    if (!modulus || !exponent) refuse("does not tell its public half (CKA_MODULUS, CKA_PUBLIC_EXPONENT)");
    return rsa_key_of(*modulus, *exponent);
  }
};

}  // namespace

std::unique_ptr<const RsaSigner> open_token_rsa_key(const std::string& uri) {
  return std::make_unique<TokenRsaKey>(uri);
}

}  // namespace lightseed
