// SPDX-License-Identifier: Apache-2.0
#include "crypto/sm2.h"

#include <openssl/asn1.h>
#include <openssl/core_names.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/objects.h>
#include <openssl/x509.h>

#include <algorithm>

#include "core/byte_views.h"
#include "crypto/handles.h"

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

/// DER has one encoding of two numbers; BER has many.
bool is_two_numbers_in_der(std::span<const std::byte> signature) {
  const unsigned char* in = octets(signature.data());
  const openssl::Handle<ECDSA_SIG> numbers(d2i_ECDSA_SIG(nullptr, &in, static_cast<long>(signature.size())));
  if (numbers == nullptr) return false;
  unsigned char* bytes = nullptr;
  const int size = i2d_ECDSA_SIG(numbers.get(), &bytes);
  const openssl::Handle<unsigned char> owner(bytes);
  return size > 0 && std::ranges::equal(std::as_bytes(std::span(bytes, static_cast<std::size_t>(size))), signature);
}

}  // namespace

bool is_sm2(const EVP_PKEY* key) {
  char group[32] = {};
  std::size_t length = 0;
  int explicit_parameters = 0;
  const bool good =
      key != nullptr && EVP_PKEY_is_a(key, "SM2") == 1 &&
      EVP_PKEY_get_group_name(key, group, sizeof group, &length) == 1 && std::string_view(group, length) == SN_sm2 &&
      (EVP_PKEY_get_int_param(key, OSSL_PKEY_PARAM_EC_DECODED_FROM_EXPLICIT_PARAMS, &explicit_parameters) != 1 ||
       explicit_parameters == 0);
  openssl::reason();
  return good;
}

std::vector<std::byte> sm2_signature(EVP_PKEY* key, std::span<const std::byte> message) {
  const Sm2Contexts contexts(key);
  EVP_MD_CTX* const context = contexts.of_digest.get();
  std::size_t length = 0;
  openssl::require(EVP_DigestSignInit(context, nullptr, EVP_sm3(), nullptr, key) == 1 &&
                       EVP_DigestSign(context, nullptr, &length, octets(message.data()), message.size()) == 1,
                   "sign with SM2");
  std::vector<std::byte> signature(length);
  openssl::require(
      EVP_DigestSign(context, octets(signature.data()), &length, octets(message.data()), message.size()) == 1,
      "sign with SM2");
  signature.resize(length);
  return signature;
}

bool sm2_signature_is_valid(EVP_PKEY* key, std::span<const std::byte> message, std::span<const std::byte> signature) {
  if (!is_sm2(key) || !is_two_numbers_in_der(signature)) {
    openssl::reason();
    return false;
  }
  const Sm2Contexts contexts(key);
  EVP_MD_CTX* const context = contexts.of_digest.get();
  const bool good = EVP_DigestVerifyInit(context, nullptr, EVP_sm3(), nullptr, key) == 1 &&
                    EVP_DigestVerify(context, octets(signature.data()), signature.size(), octets(message.data()),
                                     message.size()) == 1;
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
