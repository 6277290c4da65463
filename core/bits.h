// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace lightseed {

/// Bit strings in memory: bit i is bit i%64 of word i/64 (docs/extractors.md, "Bit order").
/// On a little-endian machine the bytes of such words hold bit i at bit i%8 of byte i/8.

/// Words that hold `bits` bits.
constexpr std::size_t words_for(std::size_t bits) noexcept {
  return (bits + 63) / 64;
}

/// Bit i of `words`.
inline bool get_bit(std::span<const std::uint64_t> words, std::size_t i) noexcept {
  return (words[i / 64] >> (i % 64) & 1) != 0;
}

inline void set_bit(std::span<std::uint64_t> words, std::size_t i, bool value) noexcept {
  const std::uint64_t mask = std::uint64_t{1} << (i % 64);
  words[i / 64] = value ? words[i / 64] | mask : words[i / 64] & ~mask;
}

/// Copies `count` bits from bit `from` of `in` to bit `to` of `out`; the other bits of `out` stay.
/// The two must not overlap. Branches depend on the positions only, never on the bits.
void copy_bits(std::span<const std::uint64_t> in, std::size_t from, std::span<std::uint64_t> out, std::size_t to,
               std::size_t count) noexcept;

/// XORs `count` bits from bit `from` of `in` onto bit `to` of `out`.
void xor_bits(std::span<const std::uint64_t> in, std::size_t from, std::span<std::uint64_t> out, std::size_t to,
              std::size_t count) noexcept;

/// Words from bytes (bit i = bit i%8 of byte i/8); missing bytes of the last word are zero.
/// `out` holds (in.size()+7)/8 words.
void words_from_bytes(std::span<const std::byte> in, std::span<std::uint64_t> out) noexcept;

/// The inverse: the first out.size() bytes of `in`.
void bytes_from_words(std::span<const std::uint64_t> in, std::span<std::byte> out) noexcept;

}  // namespace lightseed
