// SPDX-License-Identifier: Apache-2.0
#if defined(__x86_64__)

#include "gf2/binary_field/polynomial_product.h"
#include "gf2/intrinsics.h"

LIGHTSEED_BEGIN_TARGET("avx512f,avx512bw,avx512vl,avx512dq,vpclmulqdq,pclmul")

namespace lightseed::binary {
namespace {

/// 1024 bits in two vectors: eight lanes of 128.
struct Lanes {
  __m512i low, high;

  /// Moves everything up by `words` words of 64 bits.
  template <int words>
  [[nodiscard]] Lanes up() const noexcept {
    return {_mm512_alignr_epi64(low, _mm512_setzero_si512(), 8 - words), _mm512_alignr_epi64(high, low, 8 - words)};
  }
};

/// 512 x 512 bits. The pair of words s of b meets all four pairs of a: products of even and even words begin at lane
/// i + s, of odd and odd ones a lane above, the mixed ones half a lane above. Horner's rule over s, from the top, adds
/// them up: 16 VPCLMULQDQ and as many shifts of lanes.
struct Leaf {
  static constexpr std::size_t words = 8;
  static void multiply(const std::uint64_t* a, const std::uint64_t* b, std::uint64_t* c) noexcept {
    const __m512i x = _mm512_loadu_si512(a);
    Lanes straight{_mm512_setzero_si512(), _mm512_setzero_si512()};
    Lanes mixed = straight;
#pragma GCC unroll 4
    for (std::size_t s = 4; s-- > 0;) {
      const __m512i y =
          _mm512_broadcast_i64x2(_mm_loadu_si128(static_cast<const __m128i*>(static_cast<const void*>(b + 2 * s))));
      straight.low = _mm512_xor_si512(straight.low, _mm512_clmulepi64_epi128(x, y, 0x11));
      straight = straight.up<2>();
      straight.low = _mm512_xor_si512(straight.low, _mm512_clmulepi64_epi128(x, y, 0x00));
      mixed = mixed.up<2>();
      mixed.low = _mm512_ternarylogic_epi64(mixed.low, _mm512_clmulepi64_epi128(x, y, 0x01),
                                            _mm512_clmulepi64_epi128(x, y, 0x10), 0x96);
    }
    mixed = mixed.up<1>();
    _mm512_storeu_si512(c, _mm512_xor_si512(straight.low, mixed.low));
    _mm512_storeu_si512(c + 8, _mm512_xor_si512(straight.high, mixed.high));
  }
};

#include "gf2/binary_field/karatsuba_product-inl.h"

void square(const std::uint64_t* a, std::uint64_t* c, std::size_t words) {
  const __m512i first = _mm512_set_epi64(11, 10, 3, 2, 9, 8, 1, 0);
  const __m512i second = _mm512_set_epi64(15, 14, 7, 6, 13, 12, 5, 4);
  for (std::size_t i = 0; i < words; i += 8) {
    const __m512i x = _mm512_loadu_si512(a + i);
    const __m512i even = _mm512_clmulepi64_epi128(x, x, 0x00), odd = _mm512_clmulepi64_epi128(x, x, 0x11);
    _mm512_storeu_si512(c + 2 * i, _mm512_permutex2var_epi64(even, first, odd));
    _mm512_storeu_si512(c + 2 * i + 8, _mm512_permutex2var_epi64(even, second, odd));
  }
}

}  // namespace

const PolynomialKernel polynomial_kernel_512{Leaf::words, multiply_polynomials<Leaf>, square};

}  // namespace lightseed::binary

LIGHTSEED_END_TARGET

#endif
