// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "core/clones.h"

namespace lightseed::sp800_90b {

/// The bits of a word in the opposite order: neighbours first, then pairs and halves of bytes, then the bytes.
LIGHTSEED_INLINE constexpr std::uint64_t reversed_bits(std::uint64_t x) noexcept {
  x = (x >> 1 & 0x5555555555555555) | (x & 0x5555555555555555) << 1;
  x = (x >> 2 & 0x3333333333333333) | (x & 0x3333333333333333) << 2;
  x = (x >> 4 & 0x0F0F0F0F0F0F0F0F) | (x & 0x0F0F0F0F0F0F0F0F) << 4;
  return __builtin_bswap64(x);
}

}  // namespace lightseed::sp800_90b
