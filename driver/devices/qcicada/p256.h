// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>

namespace lightseed {

/// Checks an ECDSA P-256 signature (r||s, 64 bytes) over SHA-256 of `message` with a public key (x||y, 64 bytes).
/// False for whatever is no key or no signature.
bool p256_verify(std::span<const std::byte> public_key, std::span<const std::byte> message,
                 std::span<const std::byte> signature);

}  // namespace lightseed
