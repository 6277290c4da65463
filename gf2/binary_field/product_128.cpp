// SPDX-License-Identifier: Apache-2.0
#if defined(__x86_64__)

#include "gf2/binary_field/polynomial_product.h"
#include "gf2/intrinsics.h"

LIGHTSEED_BEGIN_TARGET("pclmul,ssse3")

namespace lightseed::binary {
namespace {

__m128i load(const std::uint64_t* from) noexcept {
  return _mm_loadu_si128(static_cast<const __m128i*>(static_cast<const void*>(from)));
}

void store(std::uint64_t* to, __m128i value) noexcept {
  _mm_storeu_si128(static_cast<__m128i*>(static_cast<void*>(to)), value);
}

struct Wide {
  __m128i low, high;
};

Wide product(__m128i a, __m128i b) noexcept {
  const __m128i cross = _mm_xor_si128(_mm_clmulepi64_si128(a, b, 0x01), _mm_clmulepi64_si128(a, b, 0x10));
  return {_mm_xor_si128(_mm_clmulepi64_si128(a, b, 0x00), _mm_slli_si128(cross, 8)),
          _mm_xor_si128(_mm_clmulepi64_si128(a, b, 0x11), _mm_srli_si128(cross, 8))};
}

/// 256 x 256 bits: three products of 128 x 128 in registers.
struct Leaf {
  static constexpr std::size_t words = 4;
  static void multiply(const std::uint64_t* a, const std::uint64_t* b, std::uint64_t* c) noexcept {
    const __m128i a0 = load(a), a1 = load(a + 2), b0 = load(b), b1 = load(b + 2);
    const Wide low = product(a0, b0), high = product(a1, b1);
    const Wide middle = product(_mm_xor_si128(a0, a1), _mm_xor_si128(b0, b1));
    const __m128i shared = _mm_xor_si128(low.high, high.low);
    store(c, low.low);
    store(c + 2, _mm_xor_si128(_mm_xor_si128(middle.low, low.low), shared));
    store(c + 4, _mm_xor_si128(_mm_xor_si128(middle.high, high.high), shared));
    store(c + 6, high.high);
  }
};

#include "gf2/binary_field/karatsuba_product-inl.h"

void square(const std::uint64_t* a, std::uint64_t* c, std::size_t words) {
  for (std::size_t i = 0; i < words; i += 2) {
    const __m128i x = load(a + i);
    store(c + 2 * i, _mm_clmulepi64_si128(x, x, 0x00));
    store(c + 2 * i + 2, _mm_clmulepi64_si128(x, x, 0x11));
  }
}

}  // namespace

const PolynomialKernel polynomial_kernel_128{Leaf::words, multiply_polynomials<Leaf>, square};

}  // namespace lightseed::binary

LIGHTSEED_END_TARGET

#endif
