// SPDX-License-Identifier: Apache-2.0
#include "entropy/extract/trevisan/weak_design.h"

#include <cmath>
#include <numbers>

namespace lightseed {
namespace {

/// GF(256) modulo z^8 + z^4 + z^3 + z + 1. Positions are public, but there is no need of a table.
unsigned multiply(unsigned a, unsigned b) noexcept {
  unsigned product = 0;
  for (unsigned i = 0; i < 8; ++i)
    product ^= (b >> i & 1U) * (a << i);
  for (unsigned i = 14; i >= 8; --i)
    product ^= (product >> i & 1U) * (0x11bU << (i - 8));
  return product;
}

}  // namespace

WeakDesign::WeakDesign(std::size_t sets) {
  constexpr double r = 2 * std::numbers::e;
  // Blocks of (1 - 1/r)^i (sets / r - 1) sets, until at most set_size are left; rounded so that their sums are rounded
  // up. Then for a set of block b: (sets before the block) + r (sets of the block) <= sets.
  std::size_t placed = 0;
  double sum = 0;
  double size = static_cast<double>(sets) / r - 1;
  while (sets - placed > set_size) {
    sum += size;
    size *= 1 - 1 / r;
    const auto end = static_cast<std::size_t>(std::ceil(sum));
    block_sizes_.push_back(end - placed);
    placed = end;
  }
  block_sizes_.push_back(sets - placed);
}

std::vector<std::uint32_t> WeakDesign::positions(std::size_t set) const {
  std::size_t block = 0;
  for (; set >= block_sizes_[block]; ++block)
    set -= block_sizes_[block];
  std::vector<std::uint32_t> result(set_size);
  for (unsigned a = 0; a < set_size; ++a) {
    unsigned value = 0;  // p(a), Horner from the highest digit
    for (unsigned shift = 32; shift > 0; shift -= 8)
      value = multiply(value, a) ^ (static_cast<unsigned>(set >> (shift - 8)) & 0xff);
    result[a] = static_cast<std::uint32_t>(block * block_bits + a * set_size + value);
  }
  return result;
}

}  // namespace lightseed
