// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <openssl/types.h>

#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

namespace lightseed {

/// SM2 signatures with SM3 (GB/T 32918.2, ISO/IEC 14888-3), as DER of two INTEGERs (GM/T 0009).
///
/// What is hashed begins with the signer's identifier and public key. Nothing carries the identifier: both sides must
/// take the same one, and libcrypto's default, none at all, is not the usual one.
///
/// Unlike with ECDSA, of a signature (r, s) nobody can make a second one without the key d: the only other s for this r
/// is -s - 2 r d / (1 + d).

/// The signer's identifier where nobody agreed on another (GM/T 0009), also in certificates.
inline constexpr std::string_view sm2_usual_id = "1234567812345678";

/// The key is of SM2, its curve given by its name and not by parameters.
bool is_sm2(const EVP_PKEY* key);

/// Signs with the usual identifier. Throws Error(crypto).
std::vector<std::byte> sm2_signature(EVP_PKEY* key, std::span<const std::byte> message);

/// `signature` is in DER, by the letter, two numbers as the curve has them.
bool has_sm2_form(std::span<const std::byte> signature);

/// Checks a signature over `message`, in DER by the letter, with a key of SM2 and the usual identifier.
bool sm2_signature_is_valid(EVP_PKEY* key, std::span<const std::byte> message, std::span<const std::byte> signature);

/// The signature on this certificate, which an SM2 key made, will be checked under the usual identifier; libcrypto then
/// refuses to check it with another kind of key. Throws Error(crypto).
void expect_usual_sm2_id(X509* certificate);

/// Signs a certificate, all else of which is there, under the usual identifier. Throws Error(crypto).
void sign_with_sm2(X509* certificate, EVP_PKEY* key);

}  // namespace lightseed
