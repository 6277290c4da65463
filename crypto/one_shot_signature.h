// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <openssl/types.h>

#include <cstddef>
#include <span>
#include <vector>

namespace lightseed {

/// Signatures of algorithms that take the message whole and hash it themselves: Ed25519 and Ed448 (RFC 8032, pure, no
/// context) and ML-DSA (FIPS 204, pure, empty context; hedged, so that two signatures over one message differ). Each
/// kind has signatures of one length.

/// The key is of libcrypto's kind `type`: "ED25519", "ML-DSA-65".
bool is_key_of(const EVP_PKEY* key, const char* type);

/// Signs. Throws Error(crypto).
std::vector<std::byte> one_shot_signature(EVP_PKEY* key, std::span<const std::byte> message);

/// Checks a signature over `message`, of exactly `length` bytes, with a key of `type`. Of a signature nobody but the
/// signer can make another one: libcrypto takes the canonical S of RFC 8032 and the one coding of ML-DSA's hint alone.
bool one_shot_signature_is_valid(EVP_PKEY* key, const char* type, std::size_t length,
                                 std::span<const std::byte> message, std::span<const std::byte> signature);

}  // namespace lightseed
