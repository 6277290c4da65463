// SPDX-License-Identifier: Apache-2.0
// Transposing bytes with AVX-512. Included between LIGHTSEED_BEGIN_TARGET and LIGHTSEED_END_TARGET, inside an unnamed
// namespace; therefore no include guard and no includes.

inline __m512i load(const std::uint8_t* from) noexcept {
  return _mm512_loadu_si512(from);
}

inline void store(std::uint8_t* to, __m512i value) noexcept {
  _mm512_storeu_si512(to, value);
}

/// One bit of row and column index changes places: the odd columns of `a` and the even ones of `b`.
template <unsigned bits>
void swap_columns(__m512i& a, __m512i& b, __mmask64 odd) noexcept {
  const __m512i low = _mm512_mask_blend_epi8(odd, a, _mm512_slli_epi64(b, bits));
  b = _mm512_mask_blend_epi8(odd, _mm512_srli_epi64(a, bits), b);
  a = low;
}

/// Transposes 64 x 64 bytes, rows `from_stride` and `to_stride` apart: index bit s of row and column change places
/// for s = 0 … 5, three at a time on eight rows in registers.
inline void transpose(const std::uint8_t* from, std::size_t from_stride, std::uint8_t* to,
                      std::size_t to_stride) noexcept {
  alignas(64) std::uint8_t half[64 * 64];
  constexpr std::uint64_t odd1 = 0xaaaaaaaaaaaaaaaa, odd2 = 0xcccccccccccccccc, odd4 = 0xf0f0f0f0f0f0f0f0;
  for (std::size_t group = 0; group < 8; ++group) {
    __m512i r[8];
    for (std::size_t i = 0; i < 8; ++i)
      r[i] = load(from + (8 * group + i) * from_stride);
#pragma GCC unroll 4
    for (std::size_t i = 0; i < 8; i += 2)
      swap_columns<8>(r[i], r[i + 1], odd1);
#pragma GCC unroll 4
    for (const std::size_t i : {0UL, 1UL, 4UL, 5UL})
      swap_columns<16>(r[i], r[i + 2], odd2);
#pragma GCC unroll 4
    for (std::size_t i = 0; i < 4; ++i)
      swap_columns<32>(r[i], r[i + 4], odd4);
    for (std::size_t i = 0; i < 8; ++i)
      store(half + (8 * group + i) * 64, r[i]);
  }
  const __m512i even_words = _mm512_set_epi64(14, 6, 12, 4, 10, 2, 8, 0);
  const __m512i odd_words = _mm512_set_epi64(15, 7, 13, 5, 11, 3, 9, 1);
  const __m512i even_pairs = _mm512_set_epi64(13, 12, 5, 4, 9, 8, 1, 0);
  const __m512i odd_pairs = _mm512_set_epi64(15, 14, 7, 6, 11, 10, 3, 2);
  for (std::size_t i = 0; i < 8; ++i) {
    __m512i r[8], s[8];
    for (std::size_t g = 0; g < 8; ++g)
      r[g] = load(half + (8 * g + i) * 64);
    for (std::size_t g = 0; g < 8; g += 2) {
      s[g] = _mm512_permutex2var_epi64(r[g], even_words, r[g + 1]);
      s[g + 1] = _mm512_permutex2var_epi64(r[g], odd_words, r[g + 1]);
    }
    for (const std::size_t g : {0UL, 1UL, 4UL, 5UL}) {
      r[g] = _mm512_permutex2var_epi64(s[g], even_pairs, s[g + 2]);
      r[g + 2] = _mm512_permutex2var_epi64(s[g], odd_pairs, s[g + 2]);
    }
    for (std::size_t g = 0; g < 4; ++g) {
      store(to + (8 * g + i) * to_stride, _mm512_shuffle_i64x2(r[g], r[g + 4], 0x44));
      store(to + (8 * (g + 4) + i) * to_stride, _mm512_shuffle_i64x2(r[g], r[g + 4], 0xee));
    }
  }
}
