// SPDX-License-Identifier: Apache-2.0
#include "gf2/cyclic/cyclic_product.h"

#include "core/bits.h"
#include "gf2/cyclic/reverse_bits.h"

namespace lightseed {
namespace {

/// T[i][j] = t[columns + i - j] = s[(rows - 1 - i + j) mod period].
SecretBytes diagonals(std::size_t rows, std::size_t columns, std::size_t period, std::span<const std::uint64_t> s) {
  SecretBytes t(words_for(rows + columns) * sizeof(std::uint64_t));
  for (std::size_t q = 1; q < rows + columns; ++q)
    set_bit(t.words(), q, get_bit(s, (rows - 1 + columns - q) % period));
  return t;
}

}  // namespace

CyclicProduct::CyclicProduct(std::size_t rows, std::size_t columns, std::size_t period,
                             std::span<const std::uint64_t> s, Target target)
    : target_(target), product_(rows, columns, diagonals(rows, columns, period, s).words(), target) {}

void CyclicProduct::multiply(std::span<const std::uint64_t> x, std::span<std::uint64_t> y) const {
  product_.multiply(x, {}, y);
  reverse_bits(y, product_.rows(), target_);
}

}  // namespace lightseed
