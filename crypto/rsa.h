// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <openssl/types.h>

#include <cstddef>
#include <span>
#include <vector>

namespace lightseed {

/// RSA as other programs' formats ask for it.

/// OAEP with SHA-256 and MGF1 with SHA-256, without a label (RFC 8017, 7.1). Throws Error(crypto).
std::vector<std::byte> rsa_oaep_encrypted(EVP_PKEY* key, std::span<const std::byte> plain);

/// A signature of PKCS #1 v1.5 with SHA-512 (RFC 8017, 8.2). Throws Error(crypto).
std::vector<std::byte> rsa_signature(EVP_PKEY* key, std::span<const std::byte> text);

}  // namespace lightseed
