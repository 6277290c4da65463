// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "stats/fips140/fips140.h"

namespace lightseed::stats::ais31 {

/// Test procedure A of AIS 31 (Killmann and Schindler, version 3.1 of 2001 and version 2.0 of 2011): T0 once, then T1
/// to T5 on each of 257 blocks of 20,000 bits.

/// T0: 2^16 words of 48 bits one behind the other, none twice.
inline constexpr std::size_t t0_words = 65'536;
inline constexpr std::size_t t0_bytes = t0_words * 6;
inline constexpr std::size_t blocks = 257;
inline constexpr std::size_t procedure_a_bytes = t0_bytes + blocks * fips_block_bytes;

/// How many different words there are among the first t0_words of `bytes`.
std::size_t different_words(std::span<const std::byte> bytes);

/// T1 to T4, the bounds of AIS 31 on what FIPS 140-2 counts as well.
bool monobit(const FipsFacts& facts) noexcept;
bool poker(const FipsFacts& facts) noexcept;
bool runs(const FipsFacts& facts) noexcept;
bool long_run(const FipsFacts& facts) noexcept;

/// T5: of the distances 1 to 5000, the one at which the first 10,000 bits differ most or least often, the smallest of
/// equals; and how often the bits 10,000 … 14,999 differ from those so far behind.
struct Autocorrelation {
  std::size_t distance = 0;
  std::uint32_t in_first_half = 0;
  std::uint32_t differing = 0;

  [[nodiscard]] bool passes() const noexcept { return differing > 2326 && differing < 2674; }
};
Autocorrelation autocorrelation(std::span<const std::byte> block);

}  // namespace lightseed::stats::ais31
