// SPDX-License-Identifier: Apache-2.0
#include "gf2/binary_field/binary_field.h"

#include <algorithm>

#include "core/bits.h"

namespace lightseed {

BinaryField::BinaryField(Trinomial modulus, Target target)
    : modulus_(modulus), kernel_(&binary::polynomial_kernel(target)) {
  const std::size_t leaf = kernel_->leaf_words;
  words_ = (words_for(modulus.degree) + leaf - 1) / leaf * leaf;
}

std::size_t BinaryField::scratch_words() const noexcept {
  return 2 * words_ + std::max(words_, kernel_->scratch_words(words_));
}

/// z^degree = z^middle + 1. What lies above `degree` is folded down twice: after the first time not more than `middle`
/// bits lie above again, and 2 middle <= degree.
void BinaryField::reduce(std::span<std::uint64_t> product, std::span<std::uint64_t> out,
                         std::span<std::uint64_t> scratch) const {
  const auto [degree, middle] = modulus_;
  for (const std::size_t above : {degree - 1, middle}) {
    copy_bits(product, degree, scratch, 0, above);
    xor_bits(scratch, 0, product, degree, above);  // clears them
    xor_bits(scratch, 0, product, 0, above);
    xor_bits(scratch, 0, product, middle, above);
  }
  std::ranges::copy(product.first(out.size()), out.begin());
}

void BinaryField::multiply(std::span<const std::uint64_t> a, std::span<const std::uint64_t> b,
                           std::span<std::uint64_t> c, std::span<std::uint64_t> scratch) const {
  const std::span<std::uint64_t> product = scratch.first(2 * words_);
  const std::span<std::uint64_t> rest = scratch.subspan(2 * words_);
  kernel_->multiply(a.data(), b.data(), product.data(), words_, rest.data());
  reduce(product, c.first(words_), rest);
}

void BinaryField::square(std::span<std::uint64_t> a, std::size_t times, std::span<std::uint64_t> scratch) const {
  const std::span<std::uint64_t> product = scratch.first(2 * words_);
  for (std::size_t i = 0; i < times; ++i) {
    kernel_->square(a.data(), product.data(), words_);
    reduce(product, a.first(words_), scratch.subspan(2 * words_));
  }
}

const std::vector<Trinomial>& trinomials() {
  static const std::vector<Trinomial> all{
      {3, 1},     {7, 1},       {15, 1},     {31, 3},      {63, 1},     {65, 18},     {127, 1},    {129, 5},
      {257, 12},  {513, 26},    {521, 32},   {607, 105},   {1025, 294}, {1279, 216},  {2049, 124}, {2281, 715},
      {3217, 67}, {4097, 1232}, {4423, 271}, {8193, 1055}, {9689, 84},  {16385, 608}, {32770, 3},  {65538, 3},
  };
  return all;
}

}  // namespace lightseed
