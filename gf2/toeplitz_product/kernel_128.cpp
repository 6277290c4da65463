// SPDX-License-Identifier: Apache-2.0
#if defined(__x86_64__)

#include <algorithm>

#include "gf2/intrinsics.h"
#include "gf2/toeplitz_product/tile_kernel.h"

LIGHTSEED_BEGIN_TARGET("pclmul,ssse3")

namespace lightseed::toeplitz {
namespace {

/// 256 x 256 bits. The product t[4 + k - j] * x_j is 128 bits long: its low half belongs to output word k, its
/// high half to word k + 1; k = -1 only gives a high half.
struct Leaf {
  static constexpr std::size_t words = 4;
  static constexpr std::size_t record_words = 8;
  struct Sum {
    __m128i before, k0, k1, k2, k3;
  };

  static Sum zero() noexcept {
    const __m128i none = _mm_setzero_si128();
    return {none, none, none, none, none};
  }

  static __m128i load(const std::uint64_t* from) noexcept {
    return _mm_loadu_si128(static_cast<const __m128i*>(static_cast<const void*>(from)));
  }

  static void save(__m128i value, const std::uint64_t* init, std::uint64_t* to) noexcept {
    if (init != nullptr) value = _mm_xor_si128(value, load(init));
    _mm_storeu_si128(static_cast<__m128i*>(static_cast<void*>(to)), value);
  }

  /// Diagonal k of the products with the input words j and j + 1: window words d and d - 1.
  template <int high_j, int high_next>
  static __m128i two(__m128i word_j, __m128i word_next, __m128i x, __m128i sum) noexcept {
    return _mm_xor_si128(sum, _mm_xor_si128(_mm_clmulepi64_si128(word_j, x, high_j),
                                            _mm_clmulepi64_si128(word_next, x, 0x10 | high_next)));
  }

  static void add(Sum& to, const Sum& from) noexcept {
    to.before = _mm_xor_si128(to.before, from.before);
    to.k0 = _mm_xor_si128(to.k0, from.k0);
    to.k1 = _mm_xor_si128(to.k1, from.k1);
    to.k2 = _mm_xor_si128(to.k2, from.k2);
    to.k3 = _mm_xor_si128(to.k3, from.k3);
  }

  static void add_product(const std::uint64_t* record, const std::uint64_t* x, Sum& sum) noexcept {
    const __m128i t01 = load(record), t23 = load(record + 2), t45 = load(record + 4), t67 = load(record + 6);
    const __m128i x01 = load(x), x23 = load(x + 2);
    sum.before = two<1, 0>(t23, t23, x01, two<1, 0>(t01, t01, x23, sum.before));
    sum.k0 = two<0, 1>(t45, t23, x01, two<0, 1>(t23, t01, x23, sum.k0));
    sum.k1 = two<1, 0>(t45, t45, x01, two<1, 0>(t23, t23, x23, sum.k1));
    sum.k2 = two<0, 1>(t67, t45, x01, two<0, 1>(t45, t23, x23, sum.k2));
    sum.k3 = two<1, 0>(t67, t67, x01, two<1, 0>(t45, t45, x23, sum.k3));
  }

  static void store(const Sum& sum, const std::uint64_t* init, std::uint64_t* y) noexcept {
    const __m128i y01 = _mm_xor_si128(_mm_unpacklo_epi64(sum.k0, sum.k1), _mm_unpackhi_epi64(sum.before, sum.k0));
    const __m128i y23 = _mm_xor_si128(_mm_unpacklo_epi64(sum.k2, sum.k3), _mm_unpackhi_epi64(sum.k1, sum.k2));
    save(y01, init, y);
    save(y23, init == nullptr ? nullptr : init + 2, y + 2);
  }
};

#include "gf2/toeplitz_product/karatsuba-inl.h"

void write_record(const std::uint64_t* window, std::uint64_t* out) {
  std::copy_n(window, 8, out);
}

}  // namespace

const TileKernel kernel_128{Leaf::words, Leaf::record_words, 25, write_record, multiply_tile<Leaf>};

}  // namespace lightseed::toeplitz

LIGHTSEED_END_TARGET

#endif
