// SPDX-License-Identifier: Apache-2.0
#include "core/bit_order.h"
#include "gf2/binary_field/polynomial_product.h"
#include "gf2/carryless.h"

namespace lightseed::binary {
namespace {

struct Leaf {
  static constexpr std::size_t words = 1;
  static void multiply(const std::uint64_t* a, const std::uint64_t* b, std::uint64_t* c) noexcept {
    c[0] = carryless_low(a[0], b[0]);
    c[1] = carryless_high_of_reversed(reversed_bits(a[0]), reversed_bits(b[0]));
  }
};

#include "gf2/binary_field/karatsuba_product-inl.h"

/// 32 bits with a zero after each.
std::uint64_t spread(std::uint64_t x) noexcept {
  x = (x | x << 16) & 0x0000ffff0000ffff;
  x = (x | x << 8) & 0x00ff00ff00ff00ff;
  x = (x | x << 4) & 0x0f0f0f0f0f0f0f0f;
  x = (x | x << 2) & 0x3333333333333333;
  return (x | x << 1) & 0x5555555555555555;
}

void square(const std::uint64_t* a, std::uint64_t* c, std::size_t words) {
  for (std::size_t i = 0; i < words; ++i) {
    c[2 * i] = spread(a[i] & 0xffffffff);
    c[2 * i + 1] = spread(a[i] >> 32);
  }
}

}  // namespace

const PolynomialKernel polynomial_kernel_portable{Leaf::words, multiply_polynomials<Leaf>, square};

std::size_t PolynomialKernel::scratch_words(std::size_t words) const noexcept {
  std::size_t needed = 0;
  while (words > leaf_words) {
    words = (words / leaf_words + 1) / 2 * leaf_words;
    needed += 4 * words;
  }
  return needed;
}

const PolynomialKernel& polynomial_kernel(Target target) {
#if defined(__x86_64__)
  if (target == Target::vector512) return polynomial_kernel_512;
#endif
#if defined(LIGHTSEED_VECTOR128)
  if (target != Target::portable) return polynomial_kernel_128;
#endif
  static_cast<void>(target);
  return polynomial_kernel_portable;
}

}  // namespace lightseed::binary
