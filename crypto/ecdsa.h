// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <openssl/types.h>

#include <cstddef>
#include <span>
#include <vector>

#include "crypto/x509.h"

namespace lightseed {

/// ECDSA on P-384 with SHA-384 (FIPS 186-5), signatures as DER of ECDSA-Sig-Value (RFC 3279 2.2.3).

/// Of one signature (r, s) everybody can make a second, (r, n - s), that verifies as well. Where bytes must not change
/// unnoticed, only the one with the lower s is taken.
enum class Malleability { refuse, allow };

/// The key is of P-384, given by its name and not by parameters.
bool is_p384(const EVP_PKEY* key);

/// `signature` is two INTEGERs in DER, by the letter: BER has many spellings of them. SM2's have the same form.
bool is_two_numbers_in_der(std::span<const std::byte> signature);

/// The signature with the lower of its two s. Throws Error(crypto) when `signature` is none.
std::vector<std::byte> with_low_s(std::span<const std::byte> signature);

/// `signature` is in DER, by the letter, and has the lower s.
bool has_low_s(std::span<const std::byte> signature);

/// Checks a signature over `message` with the certificate's key, which must be of P-384.
bool signature_is_valid(const X509Certificate& certificate, std::span<const std::byte> message,
                        std::span<const std::byte> signature, Malleability malleability = Malleability::refuse);

}  // namespace lightseed
