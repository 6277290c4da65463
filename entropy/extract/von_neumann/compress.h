// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "gf2/target.h"

namespace lightseed {

/// The bits of `word` under `mask`, moved together at the low end: PEXT, for processors without it.
constexpr std::uint64_t compress_bits(std::uint64_t word, std::uint64_t mask) noexcept {
  // Each round moves every chosen bit by 0 or 2^round places: the parity of the gaps below it (parallel suffix).
  word &= mask;
  std::uint64_t gaps = ~mask << 1;
  for (unsigned shift = 1; shift < 64; shift *= 2) {
    std::uint64_t odd = gaps;
    for (unsigned s = 1; s < 64; s *= 2)
      odd ^= odd << s;
    const std::uint64_t moved = odd & mask;
    mask = (mask ^ moved) | moved >> shift;
    const std::uint64_t bits = word & moved;
    word = (word ^ bits) | bits >> shift;
    gaps &= ~odd;
  }
  return word;
}

/// compress_bits, or PEXT where `target` may use it and the processor has it.
using Compress = std::uint64_t (*)(std::uint64_t word, std::uint64_t mask) noexcept;
Compress fastest_compress(Target target) noexcept;

/// Every second bit, from bit 0.
constexpr std::uint64_t even_places = 0x5555555555555555;

}  // namespace lightseed
