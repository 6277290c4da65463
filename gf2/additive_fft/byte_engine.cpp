// SPDX-License-Identifier: Apache-2.0
#if defined(__x86_64__)

#include <initializer_list>

#include "gf2/additive_fft/byte_tables.h"
#include "gf2/additive_fft/fft_engine.h"
#include "gf2/intrinsics.h"

LIGHTSEED_BEGIN_TARGET("avx512f,avx512bw,avx512vl,avx512dq,avx512vbmi,gfni")

namespace lightseed::additive_fft {
namespace {

// An additive FFT over GF(2^16) at all 65536 points, whose subspace polynomial is y^65536 + y; bytes are the
// coefficients (field.h says how they are packed). A spectrum is 1024 pairs of vectors, a0 and a1 of 64 points; behind
// it the last byte of what was transformed is kept, alone in a line of the cache.

constexpr std::size_t points = 65536;
constexpr std::size_t tile_words = points / 2 / 8;
constexpr std::size_t tail_words = 8;
constexpr std::size_t spectrum_words = 2 * points / 8 + tail_words;
constexpr std::size_t scratch_words = 16384 / 8;

#include "gf2/gfni-inl.h"
#include "gf2/transpose-inl.h"

std::uint8_t* octets(std::uint64_t* words) noexcept {
  return static_cast<std::uint8_t*>(static_cast<void*>(words));
}

const std::uint8_t* octets(const std::uint64_t* words) noexcept {
  return static_cast<const std::uint8_t*>(static_cast<const void*>(words));
}

__m512i add3(__m512i a, __m512i b, __m512i c) noexcept {
  return _mm512_ternarylogic_epi64(a, b, c, 0x96);
}

#include "gf2/additive_fft/byte_engine_basis-inl.h"
#include "gf2/additive_fft/byte_engine_levels-inl.h"

Pair embed(const ByteTables& t, __m512i bytes) noexcept {
  return {_mm512_gf2p8affine_epi64_epi8(bytes, affine_operand(t.packing.to_low), 0),
          _mm512_gf2p8affine_epi64_epi8(bytes, affine_operand(t.packing.to_high), 0)};
}

/// Levels 15 … 12 of a spectrum whose coefficients are bytes, and then the others. Level 15 has the twiddle 0:
/// `bytes_at(half, i)` is what it makes of byte i of the lower or the upper half.
template <typename BytesAt>
void transform(const ByteTables& t, std::uint8_t* spectrum, const BytesAt& bytes_at) noexcept {
  for (std::size_t i = 0; i < piece_points; i += 64) {
    for (std::size_t half = 0; half < 2; ++half) {
      Pair x[8];
#pragma GCC unroll 8
      for (std::size_t k = 0; k < 8; ++k)
        x[k] = embed(t, bytes_at(half, k * piece_points + i));
      butterflies<true, 3>(x, BlockTwiddles{t.blocks.data(), half});
      store_pairs<8>(spectrum + bytes_of_points(half * (points / 2) + i), bytes_of_points(piece_points), x);
    }
  }
  forward_pieces(t, spectrum);
}

void transform_window(std::uint64_t* window, std::uint64_t* spectrum_memory, std::uint64_t* scratch) {
  std::uint8_t* const bytes = octets(window);
  std::uint8_t* const spectrum = octets(spectrum_memory);
  spectrum[2 * points] = bytes[points - 1];
  bytes_to_novel_basis<16>(bytes, octets(scratch));
  transform(byte_tables(), spectrum, [&](std::size_t half, std::size_t i) {
    const __m512i low = load(bytes + i);
    return half == 0 ? low : _mm512_xor_si512(low, load(bytes + points / 2 + i));
  });
}

void transform_input(std::uint64_t* input, std::uint64_t* spectrum_memory, std::uint64_t* scratch) {
  std::uint8_t* const bytes = octets(input);
  std::uint8_t* const spectrum = octets(spectrum_memory);
  spectrum[2 * points] = bytes[points / 2 - 1];
  bytes_to_novel_basis<15>(bytes, octets(scratch));
  transform(byte_tables(), spectrum, [&](std::size_t, std::size_t i) { return load(bytes + i); });
}

#include "gf2/additive_fft/byte_engine_products-inl.h"

/// The coefficients of products of two bytes, of 15 bits: low eight and high seven.
Pair extract(const ByteTables& t, const Pair& x) noexcept {
  const auto from = [&](std::uint64_t from_low, std::uint64_t from_high) {
    return _mm512_xor_si512(_mm512_gf2p8affine_epi64_epi8(x.a0, affine_operand(from_low), 0),
                            _mm512_gf2p8affine_epi64_epi8(x.a1, affine_operand(from_high), 0));
  };
  return {from(t.packing.low_from_low, t.packing.low_from_high),
          from(t.packing.high_from_low, t.packing.high_from_high)};
}

/// Levels 12 … 15 backwards, and coefficients instead of points: those of the upper half are left there.
void leave_upper_coefficients(const ByteTables& t, std::uint8_t* spectrum) noexcept {
  for (std::size_t i = 0; i < piece_points; i += 64) {
    for (std::size_t half = 0; half < 2; ++half) {
      std::uint8_t* const at = spectrum + bytes_of_points(half * (points / 2) + i);
      Pair x[8];
      load_pairs<8>(x, at, bytes_of_points(piece_points));
      butterflies<false, 3>(x, BlockTwiddles{t.blocks.data(), half});
#pragma GCC unroll 8
      for (std::size_t k = 0; k < 8; ++k) {
        x[k] = extract(t, x[k]);
        if (half == 1) x[k] = x[k] ^ load_pair(at - points + k * bytes_of_points(piece_points));
      }
      store_pairs<8>(at, bytes_of_points(piece_points), x);
    }
  }
}

/// A product of two bytes reaches into the next byte: the sum of the low parts and of y times the high ones, both
/// still in the basis X_i. Where y X_i = X_(i+1) for even i, an odd i gives X_i besides, i = 3 mod 4 also X_(i-1),
/// i = 7 mod 8 also X_(i-3), and so on, since s_k^2 = s_(k+1) + s_k. Turned round: place j of all takes the high part
/// of j - 1, and that of j + (lowest bit of j) - 1. Of the upper half's places only the first one's lowest bit is
/// another than if they were counted from 0: it is points / 2, which leads to the last one.
void join_upper_coefficients(const std::uint8_t* spectrum, std::uint8_t* out) noexcept {
  alignas(64) std::uint8_t places[64], before[64];
  for (std::size_t j = 0; j < 64; ++j) {
    places[j] = static_cast<std::uint8_t>(j + (j & -j) - (j != 0));
    before[j] = static_cast<std::uint8_t>(j + 63);
  }
  const __m512i lowest_bit = load(places), one_before = load(before);
  const std::uint8_t* const upper = spectrum + points;
  constexpr std::size_t vectors = points / 2 / 64;
  for (std::size_t v = 0; v < vectors; ++v) {
    const Pair x = load_pair(upper + v * pair_bytes);
    // Place 64 v takes the last byte of some vector, of the last one if v is 0.
    const std::size_t other = v == 0 ? vectors - 1 : v + (v & -v) - 1;
    const __m512i high = _mm512_mask_set1_epi8(_mm512_permutexvar_epi8(lowest_bit, x.a1), 1,
                                               static_cast<char>(upper[(other + 1) * pair_bytes - 1]));
    const __m512i previous = load(upper + v * pair_bytes - 64);
    store(out + 64 * v, add3(x.a0, _mm512_permutex2var_epi8(previous, one_before, x.a1), high));
  }
}

void inverse(std::uint64_t* spectrum_memory, std::uint64_t* out_words, std::uint64_t* scratch) {
  const ByteTables& t = byte_tables();
  std::uint8_t* const spectrum = octets(spectrum_memory);
  std::uint8_t* const out = octets(out_words);
  backward_pieces(t, spectrum);
  leave_upper_coefficients(t, spectrum);
  join_upper_coefficients(spectrum, out);
  bytes_to_powers_upper(out, octets(scratch));
  out[0] ^= spectrum[2 * points];
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
                            .across = {FftEngine::Across::of<Across<4>>(), FftEngine::Across::of<Across<6>>(),
                                       FftEngine::Across::of<Across<8>>()},
                            .cycles_per_transform = 48e3,
                            .cycles_per_product = 5.5e3,
                            .cycles_per_butterfly = 3.3e3};

}  // namespace lightseed::additive_fft

LIGHTSEED_END_TARGET

#endif
