// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "core/bit_order.h"

namespace lightseed {

/// Low 64 bits of the carry-less product, without tables or branches. Each factor is split into four with every
/// fourth bit; at most 15 ones meet in a column of such an integer product (16 in the top one, whose carry falls
/// off), so that a column's carries stay in the three empty places above it and are masked away.
inline std::uint64_t carryless_low(std::uint64_t a, std::uint64_t b) noexcept {
  constexpr std::uint64_t m0 = 0x1111111111111111;
  constexpr std::uint64_t m1 = m0 << 1;
  constexpr std::uint64_t m2 = m0 << 2;
  constexpr std::uint64_t m3 = m0 << 3;
  const std::uint64_t a0 = a & m0, a1 = a & m1, a2 = a & m2, a3 = a & m3;
  const std::uint64_t b0 = b & m0, b1 = b & m1, b2 = b & m2, b3 = b & m3;
  const std::uint64_t p0 = (a0 * b0) ^ (a1 * b3) ^ (a2 * b2) ^ (a3 * b1);
  const std::uint64_t p1 = (a0 * b1) ^ (a1 * b0) ^ (a2 * b3) ^ (a3 * b2);
  const std::uint64_t p2 = (a0 * b2) ^ (a1 * b1) ^ (a2 * b0) ^ (a3 * b3);
  const std::uint64_t p3 = (a0 * b3) ^ (a1 * b2) ^ (a2 * b1) ^ (a3 * b0);
  return (p0 & m0) | (p1 & m1) | (p2 & m2) | (p3 & m3);
}

/// Upper 64 bits of the carry-less product of two numbers, both given reversed.
inline std::uint64_t carryless_high_of_reversed(std::uint64_t a, std::uint64_t b) noexcept {
  return reversed_bits(carryless_low(a, b)) >> 1;
}

}  // namespace lightseed
