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
#include "crypto/handles.h"
#include "crypto/named_curve.h"

namespace lightseed {
namespace {

/// The order n of P-384's group (SP 800-186, 3.2.1.4).
constexpr const char* p384_order =
    "FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFC7634D81F4372DDF581A0DB248B0A77AECEC196ACCC52973";

openssl::Handle<BIGNUM> order() {
  BIGNUM* number = nullptr;
  openssl::require(BN_hex2bn(&number, p384_order) > 0, "make a number");
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
bool is_low(const BIGNUM* s) {
  const openssl::Handle<BIGNUM> twice(BN_new());
  openssl::require(twice != nullptr && BN_lshift1(twice.get(), s) == 1, "double a number");
  return BN_cmp(twice.get(), order().get()) < 0;
}

}  // namespace

bool is_p384(const EVP_PKEY* key) {
  return is_on_named_curve(key, "EC", SN_secp384r1);
}

bool is_two_numbers_in_der(std::span<const std::byte> signature) {
  const auto given = parsed(signature);
  openssl::reason();
  return given != nullptr && std::ranges::equal(encoded(given.get()), signature);
}

std::vector<std::byte> with_low_s(std::span<const std::byte> signature) {
  const auto given = parsed(signature);
  openssl::require(given != nullptr, "read a signature");
  if (is_low(ECDSA_SIG_get0_s(given.get()))) return encoded(given.get());
  const openssl::Handle<ECDSA_SIG> other(ECDSA_SIG_new());
  openssl::Handle<BIGNUM> r(BN_dup(ECDSA_SIG_get0_r(given.get())));
  openssl::Handle<BIGNUM> s(BN_new());
  openssl::require(other != nullptr && r != nullptr && s != nullptr &&
                       BN_sub(s.get(), order().get(), ECDSA_SIG_get0_s(given.get())) == 1 &&
                       ECDSA_SIG_set0(other.get(), r.get(), s.get()) == 1,
                   "make a signature");
  (void)r.release();  // they are the signature's now
  (void)s.release();
  return encoded(other.get());
}

bool has_low_s(std::span<const std::byte> signature) {
  return is_two_numbers_in_der(signature) && is_low(ECDSA_SIG_get0_s(parsed(signature).get()));
}

bool signature_is_valid(const X509Certificate& certificate, std::span<const std::byte> message,
                        std::span<const std::byte> signature, Malleability malleability) {
  EVP_PKEY* const key = X509_get0_pubkey(certificate.get());
  if (!is_p384(key) || (malleability == Malleability::refuse && !has_low_s(signature))) return false;
  const openssl::Handle<EVP_MD_CTX> context(EVP_MD_CTX_new());
  const bool valid = context != nullptr &&
                     EVP_DigestVerifyInit_ex(context.get(), nullptr, "SHA2-384", nullptr, nullptr, key, nullptr) == 1 &&
                     EVP_DigestVerify(context.get(), octets(signature.data()), signature.size(), octets(message.data()),
                                      message.size()) == 1;
  openssl::reason();
  return valid;
}

}  // namespace lightseed
