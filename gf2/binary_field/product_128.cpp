// SPDX-License-Identifier: Apache-2.0
#include "gf2/vector128.h"
#if defined(LIGHTSEED_VECTOR128)

#include "gf2/binary_field/polynomial_product.h"
#include "gf2/intrinsics.h"

LIGHTSEED_BEGIN_TARGET(LIGHTSEED_VECTOR128)

namespace lightseed::binary {
namespace {

#include "gf2/carryless_128-inl.h"

using V = Vector::type;

struct Wide {
  V low, high;
};

Wide product(V a, V b) noexcept {
  const V cross = Vector::add(Vector::product<0x01>(a, b), Vector::product<0x10>(a, b));
  return {Vector::add(Vector::product<0x00>(a, b), Vector::up(cross)),
          Vector::add(Vector::product<0x11>(a, b), Vector::down(cross))};
}

/// 256 x 256 bits: three products of 128 x 128 in registers.
struct Leaf {
  static constexpr std::size_t words = 4;
  static void multiply(const std::uint64_t* a, const std::uint64_t* b, std::uint64_t* c) noexcept {
    const V a0 = Vector::load(a), a1 = Vector::load(a + 2), b0 = Vector::load(b), b1 = Vector::load(b + 2);
    const Wide low = product(a0, b0), high = product(a1, b1);
    const Wide middle = product(Vector::add(a0, a1), Vector::add(b0, b1));
    const V shared = Vector::add(low.high, high.low);
    Vector::store(c, low.low);
    Vector::store(c + 2, Vector::add(Vector::add(middle.low, low.low), shared));
    Vector::store(c + 4, Vector::add(Vector::add(middle.high, high.high), shared));
    Vector::store(c + 6, high.high);
  }
};

#include "gf2/binary_field/karatsuba_product-inl.h"

void square(const std::uint64_t* a, std::uint64_t* c, std::size_t words) {
  for (std::size_t i = 0; i < words; i += 2) {
    const V x = Vector::load(a + i);
    Vector::store(c + 2 * i, Vector::product<0x00>(x, x));
    Vector::store(c + 2 * i + 2, Vector::product<0x11>(x, x));
  }
}

}  // namespace

const PolynomialKernel polynomial_kernel_128{Leaf::words, multiply_polynomials<Leaf>, square};

}  // namespace lightseed::binary

LIGHTSEED_END_TARGET

#endif
