// SPDX-License-Identifier: Apache-2.0
#include "entropy/extract/trevisan/weak_design.h"

#include <cmath>
#include <numbers>

namespace lightseed {
namespace {

/// A field GF(2^bits) for positions. They are public, but there is no need of a table.
struct SmallField {
  int bits;
  unsigned modulus;

  [[nodiscard]] unsigned multiply(unsigned a, unsigned b) const noexcept {
    unsigned product = 0;
    for (int i = 0; i < bits; ++i)
      product ^= (b >> i & 1U) * (a << i);
    for (int i = 2 * bits - 2; i >= bits; --i)
      product ^= (product >> i & 1U) * (modulus << (i - bits));
    return product;
  }
};

constexpr SmallField field_256{8, 0x11b};  // z^8 + z^4 + z^3 + z + 1
constexpr SmallField field_512{9, 0x211};  // z^9 + z^4 + 1

}  // namespace

WeakDesign::WeakDesign(std::size_t sets, std::size_t set_size) : set_size_(set_size) {
  constexpr double r = 2 * std::numbers::e;
  // Blocks of (1 - 1/r)^i (sets / r - 1) sets, until at most set_size are left; rounded so that their sums are rounded
  // up. Then for a set of block b: (sets before the block) + r (sets of the block) <= sets.
  std::size_t placed = 0;
  double sum = 0;
  double size = static_cast<double>(sets) / r - 1;
  while (sets - placed > set_size_) {
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
  const SmallField& field = set_size_ == wide ? field_512 : field_256;
  std::vector<std::uint32_t> result(set_size_);
  for (unsigned a = 0; a < set_size_; ++a) {
    unsigned value = 0;  // p(a), Horner from the highest of four digits
    for (unsigned digit = 4; digit-- > 0;)
      value = field.multiply(value, a) ^
              static_cast<unsigned>(set >> static_cast<unsigned>(field.bits) * digit & (set_size_ - 1));
    result[a] = static_cast<std::uint32_t>(block * set_size_ * set_size_ + a * set_size_ + value);
  }
  return result;
}

}  // namespace lightseed
