// SPDX-License-Identifier: Apache-2.0
#if defined(__x86_64__)

#include <algorithm>

#include "gf2/intrinsics.h"
#include "gf2/toeplitz_product/tile_kernel.h"

LIGHTSEED_BEGIN_TARGET("avx512f,avx512bw,avx512vl,avx512dq,vpclmulqdq,pclmul")

namespace lightseed::toeplitz {
namespace {

/// 1024 x 1024 bits in two groups of eight output words.
///
/// The product t[16 + k - j] * x_j is 128 bits long: its low half belongs to output word k, its high half to
/// word k + 1. An unaligned load slides the window along j; VPCLMULQDQ takes the even or the odd words of the
/// load, so the products of even and odd k gather in sums of their own, and store() interleaves them. The high
/// halves of k = -1 come from the reversed first half of the window that the record keeps behind it.
/// 68 VPCLMULQDQ and, once an output, 8 shuffles compete for port 5; everything else fits beside them.
struct Leaf {
  static constexpr std::size_t words = 16;
  static constexpr std::size_t record_words = 48;
  struct Sum {
    __m512i even0, odd0, even1, odd1, before;
  };

  static Sum zero() noexcept {
    const __m512i none = _mm512_setzero_si512();
    return {none, none, none, none, none};
  }

  /// sum + words_j * x_j + words_next * x_(j+1); `select` 0 takes the even words, 1 the odd ones.
  template <int select>
  static __m512i two(__m512i words_j, __m512i words_next, __m512i x, __m512i sum) noexcept {
    return _mm512_ternarylogic_epi64(sum, _mm512_clmulepi64_epi128(words_j, x, select),
                                     _mm512_clmulepi64_epi128(words_next, x, 0x10 | select), 0x96);
  }

  static void add(Sum& to, const Sum& from) noexcept {
    to.even0 = _mm512_xor_si512(to.even0, from.even0);
    to.odd0 = _mm512_xor_si512(to.odd0, from.odd0);
    to.even1 = _mm512_xor_si512(to.even1, from.even1);
    to.odd1 = _mm512_xor_si512(to.odd1, from.odd1);
    to.before = _mm512_xor_si512(to.before, from.before);
  }

  static void add_product(const std::uint64_t* record, const std::uint64_t* x, Sum& sum) noexcept {
#pragma GCC unroll 8
    for (std::size_t j = 0; j < words; j += 2) {
      const __m512i pair =
          _mm512_broadcast_i64x2(_mm_loadu_si128(static_cast<const __m128i*>(static_cast<const void*>(x + j))));
      const std::uint64_t* const window = record + words - j;
      const __m512i a0 = _mm512_loadu_si512(window), b0 = _mm512_loadu_si512(window - 1);
      const __m512i a1 = _mm512_loadu_si512(window + 8), b1 = _mm512_loadu_si512(window + 7);
      sum.even0 = two<0>(a0, b0, pair, sum.even0);
      sum.odd0 = two<1>(a0, b0, pair, sum.odd0);
      sum.even1 = two<0>(a1, b1, pair, sum.even1);
      sum.odd1 = two<1>(a1, b1, pair, sum.odd1);
    }
#pragma GCC unroll 2
    for (std::size_t j = 0; j < words; j += 8) {
      const __m512i reversed = _mm512_load_si512(record + 2 * words + j), input = _mm512_loadu_si512(x + j);
      sum.before = _mm512_ternarylogic_epi64(sum.before, _mm512_clmulepi64_epi128(reversed, input, 0x00),
                                             _mm512_clmulepi64_epi128(reversed, input, 0x11), 0x96);
    }
  }

  static void store(const Sum& sum, const std::uint64_t* init, std::uint64_t* y) noexcept {
    __m512i carry = _mm512_xor_si512(sum.before, _mm512_shuffle_i64x2(sum.before, sum.before, 0x4e));
    carry = _mm512_xor_si512(carry, _mm512_shuffle_i64x2(carry, carry, 0xb1));
    const __m512i high0 = _mm512_unpackhi_epi64(sum.even0, sum.odd0);
    const __m512i high1 = _mm512_unpackhi_epi64(sum.even1, sum.odd1);
    __m512i y0 = _mm512_xor_si512(_mm512_unpacklo_epi64(sum.even0, sum.odd0), _mm512_alignr_epi64(high0, carry, 7));
    __m512i y1 = _mm512_xor_si512(_mm512_unpacklo_epi64(sum.even1, sum.odd1), _mm512_alignr_epi64(high1, high0, 7));
    if (init != nullptr) {
      y0 = _mm512_xor_si512(y0, _mm512_loadu_si512(init));
      y1 = _mm512_xor_si512(y1, _mm512_loadu_si512(init + 8));
    }
    _mm512_storeu_si512(y, y0);
    _mm512_storeu_si512(y + 8, y1);
  }
};

#include "gf2/toeplitz_product/karatsuba-inl.h"

void write_record(const std::uint64_t* window, std::uint64_t* out) {
  std::copy_n(window, 2 * Leaf::words, out);
  std::reverse_copy(window, window + Leaf::words, out + 2 * Leaf::words);
}

}  // namespace

const TileKernel kernel_512{Leaf::words, Leaf::record_words, 85, write_record, multiply_tile<Leaf>};

}  // namespace lightseed::toeplitz

LIGHTSEED_END_TARGET

#endif
