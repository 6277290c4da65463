// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "core/bit_order.h"
#include "gf2/carryless.h"
#include "gf2/toeplitz_product/tile_kernel.h"

namespace lightseed::toeplitz {
namespace {

/// 64 x 64: y = low(t1 x) + high(t0 x), the high half being the low half of the reversed factors' product.
struct Leaf {
  static constexpr std::size_t words = 1;
  static constexpr std::size_t record_words = 2;
  using Sum = std::uint64_t;

  static Sum zero() noexcept { return 0; }
  static void add(Sum& to, Sum from) noexcept { to ^= from; }

  static void add_product(const std::uint64_t* record, const std::uint64_t* x, Sum& sum) noexcept {
    sum ^= carryless_low(record[1], x[0]) ^ carryless_high_of_reversed(record[0], reversed_bits(x[0]));
  }

  static void store(Sum sum, const std::uint64_t* init, std::uint64_t* y) noexcept {
    y[0] = init == nullptr ? sum : init[0] ^ sum;
  }
};

void write_record(const std::uint64_t* window, std::uint64_t* out) {
  out[0] = reversed_bits(window[0]);
  out[1] = window[1];
}

#include "gf2/toeplitz_product/karatsuba-inl.h"

}  // namespace

const TileKernel kernel_portable{Leaf::words, Leaf::record_words, 60, write_record, multiply_tile<Leaf>};

}  // namespace lightseed::toeplitz
