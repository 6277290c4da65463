// SPDX-License-Identifier: Apache-2.0
#include "crypto/token_signing_key.h"

#include <fmt/format.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <mutex>
#include <vector>

#include "core/error.h"
#include "crypto/handles.h"
#include "crypto/token_session.h"

namespace lightseed {
namespace {

/// DER of the object identifier of P-384, as CKA_EC_PARAMS holds it.
constexpr std::array<unsigned char, 7> p384_parameters{0x06, 0x05, 0x2b, 0x81, 0x04, 0x00, 0x22};
constexpr std::size_t p384_number_bytes = 48;

/// r and s behind each other as ECDSA-Sig-Value in DER.
std::vector<std::byte> der_of(std::span<const unsigned char> numbers) {
  const auto half = static_cast<int>(numbers.size() / 2);
  openssl::Handle<ECDSA_SIG> signature(ECDSA_SIG_new());
  openssl::Handle<BIGNUM> r(BN_bin2bn(numbers.data(), half, nullptr));
  openssl::Handle<BIGNUM> s(BN_bin2bn(numbers.data() + half, half, nullptr));
  openssl::require(
      signature != nullptr && r != nullptr && s != nullptr && ECDSA_SIG_set0(signature.get(), r.get(), s.get()) == 1,
      "write a signature");
  // They are the signature's now.
  (void)r.release();
  (void)s.release();
  unsigned char* der = nullptr;
  const int size = i2d_ECDSA_SIG(signature.get(), &der);
  const openssl::Handle<unsigned char> owner(der);
  openssl::require(size > 0, "write a signature");
  const auto bytes = std::as_bytes(std::span(der, static_cast<std::size_t>(size)));
  return {bytes.begin(), bytes.end()};
}

class TokenSigningKey final : public SigningKey {
 public:
  explicit TokenSigningKey(const std::string& uri)
      : session_(uri), key_(session_.find(CKO_PRIVATE_KEY, "private key")) {
    const auto parameters = session_.attribute(key_, CKA_EC_PARAMS);
    if (session_.number(key_, CKA_KEY_TYPE) == CK_ULONG{CKK_EC} && parameters &&
        std::ranges::equal(*parameters, p384_parameters))
      return;
    throw Error(Category::refused,
                fmt::format("the key in {} is not of P-384; a batch is signed with ECDSA P-384", session_.name()));
  }

  [[nodiscard]] std::vector<std::byte> sign(std::span<const std::byte> message) const override {
    std::array<unsigned char, 48> digest{};
    std::size_t digest_size = digest.size();
    openssl::require(
        EVP_Q_digest(nullptr, "SHA2-384", nullptr, message.data(), message.size(), digest.data(), &digest_size) == 1,
        "digest what is to be signed");
    std::array<unsigned char, 2 * p384_number_bytes> numbers{};
    CK_ULONG size = numbers.size();
    CK_MECHANISM mechanism{.mechanism = CKM_ECDSA, .pParameter = nullptr, .ulParameterLen = 0};
    {
      const std::scoped_lock lock(session_.turn());
      session_.require(session_.calls().C_SignInit(session_.handle(), &mechanism, key_), "does not sign");
      session_.require(session_.calls().C_Sign(session_.handle(), digest.data(), digest_size, numbers.data(), &size),
                       "does not sign");
    }
    if (size != numbers.size()) {
      throw Error(Category::device, fmt::format("{} gave no signature of P-384", session_.name()));
    }
    return der_of(numbers);
  }

 private:
  TokenSession session_;
  CK_OBJECT_HANDLE key_;
};

}  // namespace

std::unique_ptr<const SigningKey> open_token_signing_key(const std::string& uri, SignatureKind kind) {
  if (kind != SignatureKind::ecdsa_p384) {
    throw Error(Category::refused, fmt::format("a key for {} is read from a file: of a token's keys only those for {} "
                                               "sign batches",
                                               words_for(kind).kind, words_for(SignatureKind::ecdsa_p384).kind));
  }
  return std::make_unique<TokenSigningKey>(uri);
}

}  // namespace lightseed
