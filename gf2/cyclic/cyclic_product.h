// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "gf2/toeplitz_product/toeplitz_product.h"

namespace lightseed {

/// y_i = sum_{j < columns} x_j s[(i + j) mod p], i < rows, over GF(2): the map of the circulant and the Dodis
/// extractor. rows, columns <= p. Immutable: threads may share it.
///
/// Read upwards, the rows form a Toeplitz matrix: y_(rows-1-i) = sum_j x_j s[(rows-1-i+j) mod p]; only the output has
/// to be turned round.
class CyclicProduct {
 public:
  /// `s` holds words_for(period) words.
  CyclicProduct(std::size_t rows, std::size_t columns, std::size_t period, std::span<const std::uint64_t> s,
                Target target);

  /// `x` holds at least `columns` bits, `y` words_for(rows) words; bits of y above `rows` are zero.
  void multiply(std::span<const std::uint64_t> x, std::span<std::uint64_t> y) const;

 private:
  Target target_;
  ToeplitzProduct product_;
};

}  // namespace lightseed
