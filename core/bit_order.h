// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "core/clones.h"

namespace lightseed {

/// The bits of each of eight bytes in the opposite order: neighbours first, then pairs, then halves.
LIGHTSEED_INLINE constexpr std::uint64_t reversed_in_bytes(std::uint64_t x) noexcept {
  x = (x >> 1 & 0x5555555555555555) | (x & 0x5555555555555555) << 1;
  x = (x >> 2 & 0x3333333333333333) | (x & 0x3333333333333333) << 2;
  return (x >> 4 & 0x0F0F0F0F0F0F0F0F) | (x & 0x0F0F0F0F0F0F0F0F) << 4;
}

/// Bit i becomes bit 63 - i.
LIGHTSEED_INLINE constexpr std::uint64_t reversed_bits(std::uint64_t x) noexcept {
  return __builtin_bswap64(reversed_in_bytes(x));
}

}  // namespace lightseed
