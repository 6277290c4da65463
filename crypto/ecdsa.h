// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <openssl/types.h>

#include <cstddef>
#include <span>
#include <vector>

#include "crypto/x509.h"

namespace lightseed {

/// ECDSA (FIPS 186-5) on P-384 with SHA-384, or on P-521 with SHA-512; signatures as DER of ECDSA-Sig-Value (RFC 3279
/// 2.2.3).
enum class EcdsaCurve { p384, p521 };

/// Of one signature (r, s) everybody can make a second, (r, n - s), that verifies as well. Where bytes must not change
/// unnoticed, only the one with the lower s is taken.
enum class Malleability { refuse, allow };

/// The key is on this curve, given by its name and not by parameters.
bool is_ecdsa(const EVP_PKEY* key, EcdsaCurve curve);

/// `signature` is two INTEGERs in DER, by the letter: BER has many spellings of them; each above zero and of at most
/// `most_bytes` bytes. SM2's have the same form.
bool is_two_numbers_in_der(std::span<const std::byte> signature, std::size_t most_bytes);

/// The same with numbers as this curve has them.
bool has_ecdsa_form(std::span<const std::byte> signature, EcdsaCurve curve);

/// The signature with the lower of its two s. Throws Error(crypto) when `signature` is none.
std::vector<std::byte> with_low_s(std::span<const std::byte> signature, EcdsaCurve curve = EcdsaCurve::p384);

/// `signature` is in DER, by the letter, and has the lower s.
bool has_low_s(std::span<const std::byte> signature, EcdsaCurve curve = EcdsaCurve::p384);

/// Signs; either s. Throws Error(crypto).
std::vector<std::byte> ecdsa_signature(EVP_PKEY* key, EcdsaCurve curve, std::span<const std::byte> message);

/// Checks a signature over `message` with a key, which must be on this curve.
bool ecdsa_signature_is_valid(EVP_PKEY* key, EcdsaCurve curve, std::span<const std::byte> message,
                              std::span<const std::byte> signature, Malleability malleability = Malleability::refuse);

/// The same with the certificate's key, which must be of P-384.
bool signature_is_valid(const X509Certificate& certificate, std::span<const std::byte> message,
                        std::span<const std::byte> signature, Malleability malleability = Malleability::refuse);

}  // namespace lightseed
