// SPDX-License-Identifier: Apache-2.0
#include "crypto/ecdsa.h"

#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/objects.h>
#include <openssl/x509.h>

#include <algorithm>

#include "core/byte_views.h"
#include "crypto/evp_signature.h"
#include "crypto/handles.h"
#include "crypto/named_curve.h"

namespace lightseed {
namespace {

struct CurveFacts {
  const char* group;         ///< as libcrypto calls it
  const char* digest;        ///< as strong as the curve
  std::size_t number_bytes;  ///< of r and of s, at most
  const char* order;         ///< n, hexadecimal
};

/// SP 800-186, 3.2.1.4 and 3.2.1.5.
const CurveFacts& facts_of(EcdsaCurve curve) noexcept {
  static constexpr CurveFacts p384{
      SN_secp384r1, "SHA2-384", 48,
      "FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFC7634D81F4372DDF581A0DB248B0A77AECEC196ACCC52973"};
  static constexpr CurveFacts p521{SN_secp521r1, "SHA2-512", 66,
                                   "01FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFA"
                                   "51868783BF2F966B7FCC0148F709A5D03BB5C9B8899C47AEBB6FB71E91386409"};
  return curve == EcdsaCurve::p521 ? p521 : p384;
}

openssl::Handle<BIGNUM> order_of(EcdsaCurve curve) {
  BIGNUM* number = nullptr;
  openssl::require(BN_hex2bn(&number, facts_of(curve).order) > 0, "make a number");
  return openssl::Handle<BIGNUM>(number);
}

openssl::Handle<ECDSA_SIG> parsed(std::span<const std::byte> der) {
  const unsigned char* in = octets(der.data());
  return openssl::Handle<ECDSA_SIG>(d2i_ECDSA_SIG(nullptr, &in, static_cast<long>(der.size())));
}

std::vector<std::byte> encoded(const ECDSA_SIG* signature) {
  unsigned char* bytes = nullptr;
  const int size = i2d_ECDSA_SIG(signature, &bytes);
  openssl::require(size > 0, "encode a signature");
  const openssl::Handle<unsigned char> owner(bytes);
  const auto der = std::as_bytes(std::span(bytes, static_cast<std::size_t>(size)));
  return {der.begin(), der.end()};
}

/// s <= n / 2, that is 2 s < n, as n is odd.
bool is_low(const BIGNUM* s, EcdsaCurve curve) {
  const openssl::Handle<BIGNUM> twice(BN_new());
  openssl::require(twice != nullptr && BN_lshift1(twice.get(), s) == 1, "double a number");
  return BN_cmp(twice.get(), order_of(curve).get()) < 0;
}

}  // namespace

bool is_ecdsa(const EVP_PKEY* key, EcdsaCurve curve) {
  return is_on_named_curve(key, "EC", facts_of(curve).group);
}

bool is_two_numbers_in_der(std::span<const std::byte> signature, std::size_t most_bytes) {
  const auto given = parsed(signature);
  openssl::reason();
  const auto fits = [most_bytes](const BIGNUM* number) {
    return BN_is_zero(number) == 0 && static_cast<std::size_t>(BN_num_bytes(number)) <= most_bytes;
  };
  return given != nullptr && fits(ECDSA_SIG_get0_r(given.get())) && fits(ECDSA_SIG_get0_s(given.get())) &&
         std::ranges::equal(encoded(given.get()), signature);
}

bool has_ecdsa_form(std::span<const std::byte> signature, EcdsaCurve curve) {
  return is_two_numbers_in_der(signature, facts_of(curve).number_bytes);
}

std::vector<std::byte> with_low_s(std::span<const std::byte> signature, EcdsaCurve curve) {
  const auto given = parsed(signature);
  openssl::require(given != nullptr, "read a signature");
  if (is_low(ECDSA_SIG_get0_s(given.get()), curve)) return encoded(given.get());
  const openssl::Handle<ECDSA_SIG> other(ECDSA_SIG_new());
  openssl::Handle<BIGNUM> r(BN_dup(ECDSA_SIG_get0_r(given.get())));
  openssl::Handle<BIGNUM> s(BN_new());
  openssl::require(other != nullptr && r != nullptr && s != nullptr &&
                       BN_sub(s.get(), order_of(curve).get(), ECDSA_SIG_get0_s(given.get())) == 1 &&
                       ECDSA_SIG_set0(other.get(), r.get(), s.get()) == 1,
                   "make a signature");
  (void)r.release();  // they are the signature's now
  (void)s.release();
  return encoded(other.get());
}

bool has_low_s(std::span<const std::byte> signature, EcdsaCurve curve) {
  return has_ecdsa_form(signature, curve) && is_low(ECDSA_SIG_get0_s(parsed(signature).get()), curve);
}

std::vector<std::byte> ecdsa_signature(EVP_PKEY* key, EcdsaCurve curve, std::span<const std::byte> message) {
  const openssl::Handle<EVP_MD_CTX> context(EVP_MD_CTX_new());
  openssl::require(context != nullptr && EVP_DigestSignInit_ex(context.get(), nullptr, facts_of(curve).digest, nullptr,
                                                               nullptr, key, nullptr) == 1,
                   "sign");
  return signature_by(context.get(), message, "sign");
}

bool ecdsa_signature_is_valid(EVP_PKEY* key, EcdsaCurve curve, std::span<const std::byte> message,
                              std::span<const std::byte> signature, Malleability malleability) {
  if (!is_ecdsa(key, curve) || (malleability == Malleability::refuse && !has_low_s(signature, curve))) return false;
  const openssl::Handle<EVP_MD_CTX> context(EVP_MD_CTX_new());
  const bool valid =
      context != nullptr &&
      EVP_DigestVerifyInit_ex(context.get(), nullptr, facts_of(curve).digest, nullptr, nullptr, key, nullptr) == 1 &&
      is_signature_by(context.get(), message, signature);
  openssl::reason();
  return valid;
}

bool signature_is_valid(const X509Certificate& certificate, std::span<const std::byte> message,
                        std::span<const std::byte> signature, Malleability malleability) {
  return ecdsa_signature_is_valid(X509_get0_pubkey(certificate.get()), EcdsaCurve::p384, message, signature,
                                  malleability);
}

}  // namespace lightseed
