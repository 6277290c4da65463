// SPDX-License-Identifier: Apache-2.0
// The byte engine's change of basis. Included by byte_engine.cpp between LIGHTSEED_BEGIN_TARGET and
// LIGHTSEED_END_TARGET, inside an unnamed namespace; therefore no include guard and no includes.

/// XORs whole vectors.
template <std::size_t count>
void xor_fixed(std::uint8_t* to, const std::uint8_t* from) noexcept {
  static_assert(count % 64 == 0);
  for (std::size_t i = 0; i < count; i += 64)
    store(to + i, _mm512_xor_si512(load(to + i), load(from + i)));
}

#include "gf2/additive_fft/basis-inl.h"

// The step in base s_8 of up to 2^14 bytes moves them by q = 32, 16, … 1 places: less than a vector. It is taken vector
// by vector, and the levels of 1024 and 512 bytes in registers.

/// The last q bytes of `before`, then the first 64 - q of `x`.
template <std::size_t q>
[[gnu::always_inline]] inline __m512i moved_up(__m512i before, __m512i x) noexcept {
  const __m512i bytes =
      _mm512_set_epi64(0x3f3e3d3c3b3a3938, 0x3736353433323130, 0x2f2e2d2c2b2a2928, 0x2726252423222120,
                       0x1f1e1d1c1b1a1918, 0x1716151413121110, 0x0f0e0d0c0b0a0908, 0x0706050403020100);
  const __m512i from = _mm512_add_epi8(bytes, _mm512_set1_epi8(static_cast<char>(64 - q)));
  return _mm512_permutex2var_epi8(before, from, x);
}

/// The first q bytes of the upper half take the last q of it: what that adds to the half's first vector.
template <std::size_t q>
[[gnu::always_inline]] inline __m512i wrapped(__m512i last) noexcept {
  return moved_up<q>(last, _mm512_setzero_si512());
}

template <unsigned bits>
inline constexpr std::size_t distance = std::size_t{1} << (bits - 9);

/// taylor_step<bits, 8, 1> or its inverse, 11 <= bits <= 14.
template <bool forward, unsigned bits>
void step_of_bytes(std::uint8_t* f) noexcept {
  constexpr std::size_t q = distance<bits>;
  constexpr std::size_t half = std::size_t{1} << (bits - 1);
  const __m512i first = wrapped<q>(load(f + 2 * half - 64));
  if (forward) store(f + half, _mm512_xor_si512(load(f + half), first));
  __m512i before = _mm512_setzero_si512();
  for (std::size_t i = 0; i < half; i += 64) {
    const __m512i x = load(f + half + i);
    store(f + i, _mm512_xor_si512(load(f + i), moved_up<q>(before, x)));
    before = x;
  }
  if (!forward) store(f + half, _mm512_xor_si512(load(f + half), first));
}

/// The same of 2 `half` vectors in registers.
template <bool forward, unsigned half, std::size_t q>
[[gnu::always_inline]] inline void step_in_registers(__m512i* x) noexcept {
  if (forward) x[half] = _mm512_xor_si512(x[half], wrapped<q>(x[2 * half - 1]));
  x[0] = _mm512_xor_si512(x[0], moved_up<q>(_mm512_setzero_si512(), x[half]));
#pragma GCC unroll 8
  for (unsigned i = 1; i < half; ++i)
    x[i] = _mm512_xor_si512(x[i], moved_up<q>(x[half + i - 1], x[half + i]));
  if (!forward) x[half] = _mm512_xor_si512(x[half], wrapped<q>(x[2 * half - 1]));
}

/// taylor<10, 8, 1> and its inverse.
template <bool forward>
void taylor_of_1024(std::uint8_t* f) noexcept {
  __m512i x[16];
#pragma GCC unroll 16
  for (unsigned i = 0; i < 16; ++i)
    x[i] = load(f + 64 * i);
  if (forward) step_in_registers<forward, 8, distance<10>>(x);
  step_in_registers<forward, 4, distance<9>>(x);
  step_in_registers<forward, 4, distance<9>>(x + 8);
  if (!forward) step_in_registers<forward, 8, distance<10>>(x);
#pragma GCC unroll 16
  for (unsigned i = 0; i < 16; ++i)
    store(f + 64 * i, x[i]);
}

/// The step of any length from 11 bits on: from 15 on it moves whole vectors.
template <bool forward, unsigned bits>
void any_step_of_bytes(std::uint8_t* f) noexcept {
  if constexpr (bits <= 14) {
    step_of_bytes<forward, bits>(f);
  } else if constexpr (forward) {
    taylor_step<bits, 8, 1>(f);
  } else {
    inverse_taylor_step<bits, 8, 1>(f);
  }
}

/// taylor<bits, 8, 1> or its inverse, bits >= 10.
template <bool forward, unsigned bits>
void taylor_of_bytes(std::uint8_t* f) noexcept {
  if constexpr (bits == 10) {
    taylor_of_1024<forward>(f);
  } else {
    if (forward) any_step_of_bytes<forward, bits>(f);
    taylor_of_bytes<forward, bits - 1>(f);
    taylor_of_bytes<forward, bits - 1>(f + (std::size_t{1} << (bits - 1)));
    if (!forward) any_step_of_bytes<forward, bits>(f);
  }
}

/// 64 blocks of 256 bytes <-> 256 vectors of one byte of each block.
inline void gather_blocks(const std::uint8_t* blocks, std::uint8_t* vectors) noexcept {
  for (std::size_t piece = 0; piece < 4; ++piece)
    transpose(blocks + 64 * piece, 256, vectors + 4096 * piece, 64);
}

inline void scatter_blocks(const std::uint8_t* vectors, std::uint8_t* blocks) noexcept {
  for (std::size_t piece = 0; piece < 4; ++piece)
    transpose(vectors + 4096 * piece, 64, blocks + 64 * piece, 256);
}

/// The change of basis of 2^bits bytes, bits = 15 or 16. Inside blocks of 256 bytes it works on 64 blocks at once.
template <unsigned bits>
void bytes_to_novel_basis(std::uint8_t* f, std::uint8_t* scratch) noexcept {
  taylor_of_bytes<true, bits>(f);
  to_novel_basis<bits - 8, 256>(f);
  for (std::size_t at = 0; at < std::size_t{1} << bits; at += 16384) {
    gather_blocks(f + at, scratch);
    to_novel_basis<8, 64>(scratch);
    scatter_blocks(scratch, f + at);
  }
}

/// The upper half of the coefficients back to powers.
inline void bytes_to_powers_upper(std::uint8_t* upper, std::uint8_t* scratch) noexcept {
  for (std::size_t at = 0; at < points / 2; at += 16384) {
    gather_blocks(upper + at, scratch);
    to_powers<8, 64>(scratch);
    scatter_blocks(scratch, upper + at);
  }
  to_powers_upper<8, 256>(upper);
  taylor_of_bytes<false, 15>(upper);
  xor_fixed<distance<16>>(upper, upper + points / 2 - distance<16>);
}
