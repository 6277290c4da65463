// SPDX-License-Identifier: Apache-2.0
#if defined(__x86_64__)

#include <algorithm>

#include "gf2/intrinsics.h"
#include "gf2/toeplitz_product/tile_kernel.h"

LIGHTSEED_BEGIN_TARGET("avx2,vpclmulqdq,pclmul")

namespace lightseed::toeplitz {
namespace {

/// 512 x 512 bits in two groups of four output words; see kernel_512.cpp for the scheme.
struct Leaf {
  static constexpr std::size_t words = 8;
  static constexpr std::size_t record_words = 24;
  struct Sum {
    __m256i even0, odd0, even1, odd1, before;
  };

  static Sum zero() noexcept {
    const __m256i none = _mm256_setzero_si256();
    return {none, none, none, none, none};
  }

  static __m256i load(const std::uint64_t* from) noexcept {
    return _mm256_loadu_si256(static_cast<const __m256i*>(static_cast<const void*>(from)));
  }

  template <int select>
  static __m256i two(__m256i words_j, __m256i words_next, __m256i x, __m256i sum) noexcept {
    return _mm256_xor_si256(sum, _mm256_xor_si256(_mm256_clmulepi64_epi128(words_j, x, select),
                                                  _mm256_clmulepi64_epi128(words_next, x, 0x10 | select)));
  }

  static void add(Sum& to, const Sum& from) noexcept {
    to.even0 = _mm256_xor_si256(to.even0, from.even0);
    to.odd0 = _mm256_xor_si256(to.odd0, from.odd0);
    to.even1 = _mm256_xor_si256(to.even1, from.even1);
    to.odd1 = _mm256_xor_si256(to.odd1, from.odd1);
    to.before = _mm256_xor_si256(to.before, from.before);
  }

  static void add_product(const std::uint64_t* record, const std::uint64_t* x, Sum& sum) noexcept {
#pragma GCC unroll 4
    for (std::size_t j = 0; j < words; j += 2) {
      const __m256i pair =
          _mm256_broadcastsi128_si256(_mm_loadu_si128(static_cast<const __m128i*>(static_cast<const void*>(x + j))));
      const std::uint64_t* const window = record + words - j;
      const __m256i a0 = load(window), b0 = load(window - 1);
      const __m256i a1 = load(window + 4), b1 = load(window + 3);
      sum.even0 = two<0>(a0, b0, pair, sum.even0);
      sum.odd0 = two<1>(a0, b0, pair, sum.odd0);
      sum.even1 = two<0>(a1, b1, pair, sum.even1);
      sum.odd1 = two<1>(a1, b1, pair, sum.odd1);
    }
#pragma GCC unroll 2
    for (std::size_t j = 0; j < words; j += 4) {
      const __m256i reversed = load(record + 2 * words + j), input = load(x + j);
      const __m256i both = _mm256_xor_si256(_mm256_clmulepi64_epi128(reversed, input, 0x00),
                                            _mm256_clmulepi64_epi128(reversed, input, 0x11));
      sum.before = _mm256_xor_si256(sum.before, both);
    }
  }

  /// `high` moved up by one word, the top word of `below` coming in.
  static __m256i shift_up(__m256i high, __m256i below) noexcept {
    return _mm256_alignr_epi8(high, _mm256_permute2x128_si256(below, high, 0x21), 8);
  }

  static void save(__m256i value, const std::uint64_t* init, std::uint64_t* to) noexcept {
    if (init != nullptr) value = _mm256_xor_si256(value, load(init));
    _mm256_storeu_si256(static_cast<__m256i*>(static_cast<void*>(to)), value);
  }

  static void store(const Sum& sum, const std::uint64_t* init, std::uint64_t* y) noexcept {
    const __m256i carry = _mm256_xor_si256(sum.before, _mm256_permute2x128_si256(sum.before, sum.before, 0x01));
    const __m256i high0 = _mm256_unpackhi_epi64(sum.even0, sum.odd0);
    const __m256i high1 = _mm256_unpackhi_epi64(sum.even1, sum.odd1);
    save(_mm256_xor_si256(_mm256_unpacklo_epi64(sum.even0, sum.odd0), shift_up(high0, carry)), init, y);
    save(_mm256_xor_si256(_mm256_unpacklo_epi64(sum.even1, sum.odd1), shift_up(high1, high0)),
         init == nullptr ? nullptr : init + 4, y + 4);
  }
};

#include "gf2/toeplitz_product/karatsuba-inl.h"

void write_record(const std::uint64_t* window, std::uint64_t* out) {
  std::copy_n(window, 2 * Leaf::words, out);
  std::reverse_copy(window, window + Leaf::words, out + 2 * Leaf::words);
}

}  // namespace

const TileKernel kernel_256{Leaf::words, Leaf::record_words, 53, write_record, multiply_tile<Leaf>};

}  // namespace lightseed::toeplitz

LIGHTSEED_END_TARGET

#endif
