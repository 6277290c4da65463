// SPDX-License-Identifier: Apache-2.0
#if defined(__x86_64__)

#include "entropy/extract/dense/dense_kernel.h"

#include <initializer_list>

#include "gf2/intrinsics.h"

LIGHTSEED_BEGIN_TARGET("avx512f,avx512bw,avx512vl,gfni")

namespace lightseed::dense {
namespace {

constexpr std::size_t groups = batch / 8;

#include "gf2/gfni-inl.h"
#include "gf2/transpose-inl.h"

/// Bytes c … c + 63 of all blocks, as the operands of GF2P8AFFINEQB: byte 7 - b of group g's word is block 8 g + b's.
void gather_64_columns(const std::uint8_t* blocks, std::size_t columns, std::uint64_t* tiles) {
  auto* const bytes = static_cast<std::uint8_t*>(static_cast<void*>(tiles));
  transpose(blocks, columns, bytes, 64);
  const __m512i turned = _mm512_set4_epi32(0x08090a0b, 0x0c0d0e0f, 0x00010203, 0x04050607);
  for (std::size_t c = 0; c < 64; ++c)
    store(bytes + 64 * c, _mm512_shuffle_epi8(load(bytes + 64 * c), turned));
}

/// `count` vectors of 64 rows against all 64 blocks. GF2P8AFFINEQB multiplies each row byte by an 8 x 8 matrix whose
/// rows are the same byte of eight blocks: eight parities at once. Row b of that matrix is byte 7 - b of the operand.
template <std::size_t count>
void multiply_rows(const std::uint8_t* bytes, std::size_t rows, std::size_t columns, const std::uint64_t* tiles,
                   std::uint64_t* out, std::size_t out_words) {
  __m512i sum[count][groups];
  for (std::size_t r = 0; r < count; ++r)
    for (std::size_t g = 0; g < groups; ++g)
      sum[r][g] = _mm512_setzero_si512();
  for (std::size_t c = 0; c < columns; c += 2) {  // columns is a multiple of 8
    const std::uint64_t* const tile = tiles + c * groups;
    __m512i first[count], second[count];
    for (std::size_t r = 0; r < count; ++r) {
      first[r] = _mm512_loadu_si512(bytes + c * rows + 64 * r);
      second[r] = _mm512_loadu_si512(bytes + (c + 1) * rows + 64 * r);
    }
#pragma GCC unroll 8
    for (std::size_t g = 0; g < groups; ++g) {
      const __m512i a = affine_operand(tile[g]);
      const __m512i b = affine_operand(tile[groups + g]);
#pragma GCC unroll 2
      for (std::size_t r = 0; r < count; ++r) {
        sum[r][g] = _mm512_ternarylogic_epi64(sum[r][g], _mm512_gf2p8affine_epi64_epi8(first[r], a, 0),
                                              _mm512_gf2p8affine_epi64_epi8(second[r], b, 0), 0x96);
      }
    }
  }
  for (std::size_t r = 0; r < count; ++r)
    for (std::size_t b = 0; b < batch; ++b)
      out[b * out_words + r] = _mm512_test_epi8_mask(sum[r][b / 8], _mm512_set1_epi8(static_cast<char>(1 << b % 8)));
}

}  // namespace

void multiply_64_blocks(const std::uint8_t* bytes, std::size_t rows, std::size_t columns, const std::uint8_t* blocks,
                        std::uint64_t* tiles, std::uint64_t* out, std::size_t out_words) {
  std::size_t c = 0;
  for (; c + 64 <= columns; c += 64)
    gather_64_columns(blocks + c, columns, tiles + c * groups);
  for (; c < columns; ++c) {
    for (std::size_t g = 0; g < groups; ++g) {
      std::uint64_t tile = 0;
      for (std::size_t b = 0; b < 8; ++b)
        tile = tile << 8 | blocks[(8 * g + b) * columns + c];
      tiles[c * groups + g] = tile;
    }
  }
  std::size_t r = 0;
  for (; r + 2 * row_group <= rows; r += 2 * row_group)
    multiply_rows<2>(bytes + r, rows, columns, tiles, out + r / row_group, out_words);
  if (r < rows) multiply_rows<1>(bytes + r, rows, columns, tiles, out + r / row_group, out_words);
}

}  // namespace lightseed::dense

LIGHTSEED_END_TARGET

#endif
