// SPDX-License-Identifier: Apache-2.0
#include "crypto/sm2.h"

#include <openssl/asn1.h>
#include <openssl/evp.h>
#include <openssl/objects.h>
#include <openssl/x509.h>

#include "core/byte_views.h"
#include "crypto/ecdsa.h"
#include "crypto/evp_signature.h"
#include "crypto/handles.h"
#include "crypto/named_curve.h"

namespace lightseed {
namespace {

/// A digest's context and the key's inside it, which knows the identifier. The first borrows the second, so it goes
/// first.
struct Sm2Contexts {
  explicit Sm2Contexts(EVP_PKEY* key)
      : of_key(EVP_PKEY_CTX_new_from_pkey(nullptr, key, nullptr)), of_digest(EVP_MD_CTX_new()) {
    openssl::require(of_key != nullptr && of_digest != nullptr &&
                         EVP_PKEY_CTX_set1_id(of_key.get(), sm2_usual_id.data(), sm2_usual_id.size()) == 1,
                     "prepare an SM2 signature");
    EVP_MD_CTX_set_pkey_ctx(of_digest.get(), of_key.get());
  }
  openssl::Handle<EVP_PKEY_CTX> of_key;
  openssl::Handle<EVP_MD_CTX> of_digest;
};

}  // namespace

bool is_sm2(const EVP_PKEY* key) {
  return is_on_named_curve(key, "SM2", SN_sm2);
}

std::vector<std::byte> sm2_signature(EVP_PKEY* key, std::span<const std::byte> message) {
  const Sm2Contexts contexts(key);
  EVP_MD_CTX* const context = contexts.of_digest.get();
  openssl::require(EVP_DigestSignInit(context, nullptr, EVP_sm3(), nullptr, key) == 1, "sign with SM2");
  return signature_by(context, message, "sign with SM2");
}

bool has_sm2_form(std::span<const std::byte> signature) {
  return is_two_numbers_in_der(signature, 32);
}

bool sm2_signature_is_valid(EVP_PKEY* key, std::span<const std::byte> message, std::span<const std::byte> signature) {
  if (!is_sm2(key) || !has_sm2_form(signature)) return false;
  const Sm2Contexts contexts(key);
  EVP_MD_CTX* const context = contexts.of_digest.get();
  const bool good = EVP_DigestVerifyInit(context, nullptr, EVP_sm3(), nullptr, key) == 1 &&
                    is_signature_by(context, message, signature);
  openssl::reason();
  return good;
}

void expect_usual_sm2_id(X509* certificate) {
  ASN1_OCTET_STRING* const id = ASN1_OCTET_STRING_new();
  const bool named = id != nullptr && ASN1_OCTET_STRING_set(id, octets(bytes_of(sm2_usual_id).data()),
                                                            static_cast<int>(sm2_usual_id.size())) == 1;
  if (!named) ASN1_OCTET_STRING_free(id);
  openssl::require(named, "name an SM2 signer");
  X509_set0_distinguishing_id(certificate, id);  // it owns the id now
}

void sign_with_sm2(X509* certificate, EVP_PKEY* key) {
  const Sm2Contexts contexts(key);
  EVP_MD_CTX* const context = contexts.of_digest.get();
  openssl::require(
      EVP_DigestSignInit(context, nullptr, EVP_sm3(), nullptr, key) == 1 && X509_sign_ctx(certificate, context) > 0,
      "sign a certificate with SM2");
}

}  // namespace lightseed
