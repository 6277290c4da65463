// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace lightseed {

/// x is prime; x < 2^33 (trial division, at most 46341 steps).
bool is_prime(std::uint64_t x) noexcept;

/// 2 generates the multiplicative group of the prime p: no 2^((p-1)/q) is 1 for a prime q dividing p - 1.
bool two_is_primitive_root(std::uint64_t p) noexcept;

}  // namespace lightseed
