// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "core/bit_order.h"
#include "gf2/carryless.h"

namespace lightseed {

/// An element of GF(2^128) = GF(2)[z] / (z^128 + z^7 + z^2 + z + 1).
struct Gf128 {
  std::uint64_t low, high;

  friend bool operator==(const Gf128&, const Gf128&) = default;
};

inline Gf128 operator^(const Gf128& a, const Gf128& b) noexcept {
  return {a.low ^ b.low, a.high ^ b.high};
}

inline Gf128 carryless_product(std::uint64_t a, std::uint64_t b) noexcept {
  return {carryless_low(a, b), carryless_high_of_reversed(reversed_bits(a), reversed_bits(b))};
}

/// a b, folding the upper half twice.
inline Gf128 operator*(const Gf128& a, const Gf128& b) noexcept {
  const Gf128 low = carryless_product(a.low, b.low), high = carryless_product(a.high, b.high);
  const Gf128 cross = carryless_product(a.low, b.high) ^ carryless_product(a.high, b.low);
  const Gf128 top = carryless_product(high.high, 0x87);
  const Gf128 folded = carryless_product(high.low ^ cross.high ^ top.high, 0x87);
  return {low.low ^ folded.low, low.high ^ cross.low ^ top.low ^ folded.high};
}

}  // namespace lightseed
