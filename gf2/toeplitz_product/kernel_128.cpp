// SPDX-License-Identifier: Apache-2.0
#include "gf2/vector128.h"
#if defined(LIGHTSEED_VECTOR128)

#include <algorithm>

#include "gf2/intrinsics.h"
#include "gf2/toeplitz_product/tile_kernel.h"

LIGHTSEED_BEGIN_TARGET(LIGHTSEED_VECTOR128)

namespace lightseed::toeplitz {
namespace {

#include "gf2/carryless_128-inl.h"

/// 256 x 256 bits. The product t[4 + k - j] * x_j is 128 bits long: its low half belongs to output word k, its
/// high half to word k + 1; k = -1 only gives a high half.
struct Leaf {
  using V = Vector::type;
  static constexpr std::size_t words = 4;
  static constexpr std::size_t record_words = 8;
  struct Sum {
    V before, k0, k1, k2, k3;
  };

  static Sum zero() noexcept {
    const V none = Vector::zero();
    return {none, none, none, none, none};
  }

  static void save(V value, const std::uint64_t* init, std::uint64_t* to) noexcept {
    if (init != nullptr) value = Vector::add(value, Vector::load(init));
    Vector::store(to, value);
  }

  /// Diagonal k of the products with the input words j and j + 1: window words d and d - 1.
  template <int high_j, int high_next>
  static V two(V word_j, V word_next, V x, V sum) noexcept {
    return Vector::add(
        sum, Vector::add(Vector::product<high_j>(word_j, x), Vector::product<0x10 | high_next>(word_next, x)));
  }

  static void add(Sum& to, const Sum& from) noexcept {
    to.before = Vector::add(to.before, from.before);
    to.k0 = Vector::add(to.k0, from.k0);
    to.k1 = Vector::add(to.k1, from.k1);
    to.k2 = Vector::add(to.k2, from.k2);
    to.k3 = Vector::add(to.k3, from.k3);
  }

  static void add_product(const std::uint64_t* record, const std::uint64_t* x, Sum& sum) noexcept {
    const V t01 = Vector::load(record), t23 = Vector::load(record + 2);
    const V t45 = Vector::load(record + 4), t67 = Vector::load(record + 6);
    const V x01 = Vector::load(x), x23 = Vector::load(x + 2);
    sum.before = two<1, 0>(t23, t23, x01, two<1, 0>(t01, t01, x23, sum.before));
    sum.k0 = two<0, 1>(t45, t23, x01, two<0, 1>(t23, t01, x23, sum.k0));
    sum.k1 = two<1, 0>(t45, t45, x01, two<1, 0>(t23, t23, x23, sum.k1));
    sum.k2 = two<0, 1>(t67, t45, x01, two<0, 1>(t45, t23, x23, sum.k2));
    sum.k3 = two<1, 0>(t67, t67, x01, two<1, 0>(t45, t45, x23, sum.k3));
  }

  static void store(const Sum& sum, const std::uint64_t* init, std::uint64_t* y) noexcept {
    const V y01 = Vector::add(Vector::low_words(sum.k0, sum.k1), Vector::high_words(sum.before, sum.k0));
    const V y23 = Vector::add(Vector::low_words(sum.k2, sum.k3), Vector::high_words(sum.k1, sum.k2));
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
