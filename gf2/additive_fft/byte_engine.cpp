// SPDX-License-Identifier: Apache-2.0
#if defined(__x86_64__)

#include <algorithm>
#include <initializer_list>

#include "gf2/additive_fft/byte_tables.h"
#include "gf2/additive_fft/fft_engine.h"
#include "gf2/intrinsics.h"

LIGHTSEED_BEGIN_TARGET("avx512f,avx512bw,avx512vl,avx512dq,avx512vbmi,gfni")

namespace lightseed::additive_fft {
namespace {

// An additive FFT over GF(2^16) at all 65536 points, whose subspace polynomial is y^65536 + y; bytes are the
// coefficients (field.h says how they are packed). A spectrum is two planes of 65536 bytes, a0 and a1 of each point;
// behind it one word keeps the last byte of what was transformed.

constexpr std::size_t points = 65536;
constexpr std::size_t tile_words = points / 2 / 8;
constexpr std::size_t tail_words = 8;
constexpr std::size_t spectrum_words = 2 * points / 8 + tail_words;
constexpr std::size_t scratch_words = 16384 / 8;

#include "gf2/gfni-inl.h"
#include "gf2/transpose-inl.h"

__m512i add3(__m512i a, __m512i b, __m512i c) noexcept {
  return _mm512_ternarylogic_epi64(a, b, c, 0x96);
}

void xor_masked(std::uint8_t* to, const std::uint8_t* from, std::size_t count) noexcept {
  const __mmask64 lanes = ~std::uint64_t{0} >> (64 - count);
  _mm512_mask_storeu_epi8(to, lanes,
                          _mm512_xor_si512(_mm512_maskz_loadu_epi8(lanes, to), _mm512_maskz_loadu_epi8(lanes, from)));
}

/// Stores are kept aligned: one that crosses a cache line costs several loads that do.
void xor_bytes(std::uint8_t* to, const std::uint8_t* from, std::size_t count) noexcept {
  std::size_t i = (64 - reinterpret_cast<std::uintptr_t>(to) % 64) % 64;
  if (i > count) i = count;
  if (i != 0) xor_masked(to, from, i);
  for (; i + 64 <= count; i += 64)
    store(to + i, _mm512_xor_si512(load(to + i), load(from + i)));
  if (i != count) xor_masked(to + i, from + i, count - i);
}

// Change of basis. A polynomial is an array of 2^bits units of `unit` bytes; all operations are XORs of units.

/// xor_bytes of a length known beforehand; whole vectors need no masks.
template <std::size_t count>
void xor_fixed(std::uint8_t* to, const std::uint8_t* from) noexcept {
  if constexpr (count % 64 == 0) {
    for (std::size_t i = 0; i < count; i += 64)
      store(to + i, _mm512_xor_si512(load(to + i), load(from + i)));
  } else {
    xor_bytes(to, from, count);
  }
}

#include "gf2/additive_fft/basis-inl.h"

/// 64 blocks of 256 bytes <-> 256 vectors of one byte of each block.
void gather_blocks(const std::uint8_t* blocks, std::uint8_t* vectors) noexcept {
  for (std::size_t piece = 0; piece < 4; ++piece)
    transpose(blocks + 64 * piece, 256, vectors + 4096 * piece, 64);
}

void scatter_blocks(const std::uint8_t* vectors, std::uint8_t* blocks) noexcept {
  for (std::size_t piece = 0; piece < 4; ++piece)
    transpose(vectors + 4096 * piece, 64, blocks + 64 * piece, 256);
}

/// The change of basis of 2^bits bytes, bits = 15 or 16. Inside blocks of 256 bytes it works on 64 blocks at once.
template <unsigned bits>
void bytes_to_novel_basis(std::uint8_t* f, std::uint8_t* scratch) noexcept {
  taylor<bits, 8, 1>(f);
  to_novel_basis<bits - 8, 256>(f);
  for (std::size_t at = 0; at < std::size_t{1} << bits; at += 16384) {
    gather_blocks(f + at, scratch);
    to_novel_basis<8, 64>(scratch);
    scatter_blocks(scratch, f + at);
  }
}

/// The upper half of a plane back to powers. `last_below` comes with the byte before it and leaves as its power's.
void bytes_to_powers_upper(std::uint8_t* upper, std::uint8_t& last_below, std::uint8_t* scratch) noexcept {
  for (std::size_t at = 0; at < points / 2; at += 16384) {
    gather_blocks(upper + at, scratch);
    to_powers<8, 64>(scratch);
    scatter_blocks(scratch, upper + at);
  }
  to_powers_upper<8, 256>(upper, last_below);
  inverse_taylor<15, 8, 1>(upper);
  constexpr std::size_t q = 128;
  last_below ^= upper[points / 2 - q - 1];
  xor_fixed<q>(upper, upper + points / 2 - q);
}

// Butterflies: u += c v, v += u; backwards v += u, u += c v.

struct Pair {
  __m512i a0, a1;
};

Pair load_pair(const std::uint8_t* plane) noexcept {
  return {load(plane), load(plane + points)};
}

void store_pair(std::uint8_t* plane, const Pair& x) noexcept {
  store(plane, x.a0);
  store(plane + points, x.a1);
}

struct Broadcast {
  __m512i c0, c1d, c1, sum;
};

Broadcast broadcast(const ByteTables::Constant& c) noexcept {
  return {_mm512_set1_epi32(static_cast<int>(c.c0)), _mm512_set1_epi32(static_cast<int>(c.c1d)),
          _mm512_set1_epi32(static_cast<int>(c.c1)), _mm512_set1_epi32(static_cast<int>(c.sum))};
}

void add_product(Pair& u, const Pair& v, const Broadcast& c) noexcept {
  u.a0 = add3(u.a0, _mm512_gf2p8mul_epi8(v.a0, c.c0), _mm512_gf2p8mul_epi8(v.a1, c.c1d));
  u.a1 = add3(u.a1, _mm512_gf2p8mul_epi8(v.a0, c.c1), _mm512_gf2p8mul_epi8(v.a1, c.sum));
}

void add(Pair& v, const Pair& u) noexcept {
  v.a0 = _mm512_xor_si512(v.a0, u.a0);
  v.a1 = _mm512_xor_si512(v.a1, u.a1);
}

template <bool forward>
void butterfly(Pair& u, Pair& v, const Broadcast& c) noexcept {
  if (!forward) add(v, u);
  add_product(u, v, c);
  if (forward) add(v, u);
}

/// Levels `level` and `level` - 1 (level >= 7) of the blocks that begin at index `first` and fill `count` indices.
template <bool forward>
void two_levels(const ByteTables& t, std::uint8_t* spectrum, unsigned level, std::size_t first,
                std::size_t count) noexcept {
  const std::size_t quarter = std::size_t{1} << (level - 1);
  for (std::size_t at = first; at < first + count; at += 4 * quarter) {
    const std::size_t block = at >> (level + 1);
    const Broadcast outer = broadcast(t.blocks[block]);
    const Broadcast left = broadcast(t.blocks[2 * block]);
    const Broadcast right = broadcast(t.blocks[2 * block + 1]);
    for (std::size_t i = at; i < at + quarter; i += 64) {
      Pair a = load_pair(spectrum + i), b = load_pair(spectrum + i + quarter);
      Pair c = load_pair(spectrum + i + 2 * quarter), d = load_pair(spectrum + i + 3 * quarter);
      if (forward) {
        butterfly<true>(a, c, outer);
        butterfly<true>(b, d, outer);
      }
      butterfly<forward>(a, b, left);
      butterfly<forward>(c, d, right);
      if (!forward) {
        butterfly<false>(a, c, outer);
        butterfly<false>(b, d, outer);
      }
      store_pair(spectrum + i, a);
      store_pair(spectrum + i + quarter, b);
      store_pair(spectrum + i + 2 * quarter, c);
      store_pair(spectrum + i + 3 * quarter, d);
    }
  }
}

/// Level `level` <= 5 of a transposed tile: the twiddle differs from lane to lane.
template <bool forward>
void lane_level(const ByteTables& t, std::uint8_t* tile_planes, std::size_t tile, unsigned level) noexcept {
  const ByteTables::Lanes& lanes = t.lanes[tile * 6 + level];
  const __m512i base0 = load(lanes.c0), base1 = load(lanes.c1);
  const __m512i d = _mm512_set1_epi8(static_cast<char>(t.d));
  const std::size_t half = std::size_t{1} << level;
  for (std::size_t block = 0; block < 32U >> level; ++block) {
    const Element low = t.low[level][block];
    Broadcast c;
    c.c0 = _mm512_xor_si512(base0, _mm512_set1_epi8(static_cast<char>(low)));
    c.c1 = _mm512_xor_si512(base1, _mm512_set1_epi8(static_cast<char>(low >> 8)));
    c.c1d = _mm512_gf2p8mul_epi8(c.c1, d);
    c.sum = _mm512_xor_si512(c.c0, c.c1);
    std::uint8_t* const first = tile_planes + 64 * (block << (level + 1));
    for (std::size_t i = 0; i < half; ++i) {
      Pair u = load_pair(first + 64 * i), v = load_pair(first + 64 * (i + half));
      butterfly<forward>(u, v, c);
      store_pair(first + 64 * i, u);
      store_pair(first + 64 * (i + half), v);
    }
  }
}

void transpose_tile(std::uint8_t* plane) noexcept {
  transpose(plane, 64, plane, 64);
}

/// Level 12 alone of the 8192 points from `part` on: one block.
template <bool forward>
void level_12(const ByteTables& t, std::uint8_t* spectrum, std::size_t part) noexcept {
  const Broadcast c = broadcast(t.blocks[part >> 13]);
  for (std::size_t i = part; i < part + 4096; i += 64) {
    Pair u = load_pair(spectrum + i), v = load_pair(spectrum + i + 4096);
    butterfly<forward>(u, v, c);
    store_pair(spectrum + i, u);
    store_pair(spectrum + i + 4096, v);
  }
}

/// Levels 12 … 0, 8192 points at a time: they stay in the first cache. The levels above are the caller's; level 15 has
/// the twiddle 0.
void forward(const ByteTables& t, std::uint8_t* spectrum) noexcept {
  for (std::size_t tile = 0; tile < 16; ++tile) {
    if (tile % 2 == 0) level_12<true>(t, spectrum, 4096 * tile);
    std::uint8_t* const planes = spectrum + 4096 * tile;
    for (const unsigned level : {11U, 9U, 7U})
      two_levels<true>(t, spectrum, level, 4096 * tile, 4096);
    transpose_tile(planes);
    transpose_tile(planes + points);
    for (unsigned level = 6; level-- > 0;)
      lane_level<true>(t, planes, tile, level);
  }
}

void backward(const ByteTables& t, std::uint8_t* spectrum) noexcept {
  for (std::size_t tile = 0; tile < 16; ++tile) {
    std::uint8_t* const planes = spectrum + 4096 * tile;
    for (unsigned level = 0; level < 6; ++level)
      lane_level<false>(t, planes, tile, level);
    transpose_tile(planes);
    transpose_tile(planes + points);
    for (const unsigned level : {7U, 9U, 11U})
      two_levels<false>(t, spectrum, level, 4096 * tile, 4096);
    if (tile % 2 != 0) level_12<false>(t, spectrum, 4096 * (tile - 1));
  }
}

Pair embed(const ByteTables& t, __m512i bytes) noexcept {
  return {_mm512_gf2p8affine_epi64_epi8(bytes, affine_operand(t.packing.to_low), 0),
          _mm512_gf2p8affine_epi64_epi8(bytes, affine_operand(t.packing.to_high), 0)};
}

std::uint8_t* octets(std::uint64_t* words) noexcept {
  return static_cast<std::uint8_t*>(static_cast<void*>(words));
}

const std::uint8_t* octets(const std::uint64_t* words) noexcept {
  return static_cast<const std::uint8_t*>(static_cast<const void*>(words));
}

void transform_window(std::uint64_t* window, std::uint64_t* spectrum_memory, std::uint64_t* scratch) {
  const ByteTables& t = byte_tables();
  std::uint8_t* const bytes = octets(window);
  std::uint8_t* const spectrum = octets(spectrum_memory);
  spectrum[2 * points] = bytes[points - 1];
  bytes_to_novel_basis<16>(bytes, octets(scratch));
  for (std::size_t i = 0; i < points / 2; i += 64) {
    const Pair u = embed(t, load(bytes + i));
    Pair v = embed(t, load(bytes + points / 2 + i));
    add(v, u);
    store_pair(spectrum + i, u);
    store_pair(spectrum + points / 2 + i, v);
  }
  two_levels<true>(t, spectrum, 14, 0, points);
  forward(t, spectrum);
}

void transform_input(std::uint64_t* input, std::uint64_t* spectrum_memory, std::uint64_t* scratch) {
  const ByteTables& t = byte_tables();
  std::uint8_t* const bytes = octets(input);
  std::uint8_t* const spectrum = octets(spectrum_memory);
  spectrum[2 * points] = bytes[points / 2 - 1];
  bytes_to_novel_basis<15>(bytes, octets(scratch));
  // Level 15 makes both halves of the points the same; levels 14 and 13 follow without a way through memory.
  constexpr std::size_t quarter = points / 8;
  for (std::size_t i = 0; i < quarter; i += 64) {
    Pair start[4];
    for (std::size_t k = 0; k < 4; ++k)
      start[k] = embed(t, load(bytes + k * quarter + i));
    for (std::size_t half = 0; half < 2; ++half) {
      Pair a = start[0], b = start[1], c = start[2], d = start[3];
      const Broadcast outer = broadcast(t.blocks[half]);
      butterfly<true>(a, c, outer);
      butterfly<true>(b, d, outer);
      butterfly<true>(a, b, broadcast(t.blocks[2 * half]));
      butterfly<true>(c, d, broadcast(t.blocks[2 * half + 1]));
      std::uint8_t* const to = spectrum + half * points / 2 + i;
      store_pair(to, a);
      store_pair(to + quarter, b);
      store_pair(to + 2 * quarter, c);
      store_pair(to + 3 * quarter, d);
    }
  }
  forward(t, spectrum);
}

#include "gf2/additive_fft/byte_engine_products-inl.h"

void inverse(std::uint64_t* spectrum_memory, std::uint64_t* out_words, std::uint64_t* scratch) {
  const ByteTables& t = byte_tables();
  std::uint8_t* const spectrum = octets(spectrum_memory);
  std::uint8_t* const out = octets(out_words);
  backward(t, spectrum);
  two_levels<false>(t, spectrum, 14, 0, points);
  // Level 15, whose twiddle is 0, and the way back to the coefficients of products of two bytes: the low eight go to
  // plane 0, the high eight to plane 1. Only the upper half is wanted, and the one coefficient below it.
  const __m512i low_low = affine_operand(t.packing.low_from_low), low_high = affine_operand(t.packing.low_from_high);
  const __m512i high_low = affine_operand(t.packing.high_from_low),
                high_high = affine_operand(t.packing.high_from_high);
  std::uint8_t* const upper = spectrum + points / 2;
  for (std::size_t i = 0; i < points / 2; i += 64) {
    const Pair u = load_pair(spectrum + i);
    Pair v = load_pair(upper + i);
    add(v, u);
    store_pair(upper + i, {_mm512_xor_si512(_mm512_gf2p8affine_epi64_epi8(v.a0, low_low, 0),
                                            _mm512_gf2p8affine_epi64_epi8(v.a1, low_high, 0)),
                           _mm512_xor_si512(_mm512_gf2p8affine_epi64_epi8(v.a0, high_low, 0),
                                            _mm512_gf2p8affine_epi64_epi8(v.a1, high_high, 0))});
  }
  const Pair below = load_pair(upper - 64);
  alignas(64) std::uint8_t high_below[64];
  store(high_below, _mm512_xor_si512(_mm512_gf2p8affine_epi64_epi8(below.a0, high_low, 0),
                                     _mm512_gf2p8affine_epi64_epi8(below.a1, high_high, 0)));
  std::uint8_t none = 0;
  bytes_to_powers_upper(upper, none, octets(scratch));
  bytes_to_powers_upper(upper + points, high_below[63], octets(scratch));
  // A product of two bytes reaches into the next byte.
  std::copy_n(upper, points / 2, out);
  xor_bytes(out + 1, upper + points, points / 2 - 1);
  out[0] ^= high_below[63] ^ spectrum[2 * points];
}

}  // namespace

const FftEngine byte_engine{.tile_words = tile_words,
                            .window_words = 2 * tile_words,
                            .input_words = tile_words,
                            .spectrum_words = spectrum_words,
                            .scratch_words = scratch_words,
                            .transform_window = transform_window,
                            .transform_input = transform_input,
                            .dot = dot,
                            .tail_words = tail_words,
                            .dot_tails = dot_tails,
                            .inverse = inverse,
                            .slices = 2 * points / slice_bytes,
                            .gather = gather,
                            .scatter = scatter,
                            .forward_across = forward_across,
                            .inverse_across = inverse_across,
                            .dot_gathered = dot_gathered,
                            .cycles_per_transform = 130e3,
                            .cycles_per_product = 14e3,
                            .cycles_per_butterfly = 7e3};

}  // namespace lightseed::additive_fft

LIGHTSEED_END_TARGET

#endif
