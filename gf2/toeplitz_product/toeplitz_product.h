// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "core/secret_bytes.h"
#include "gf2/additive_fft/fft_product.h"
#include "gf2/target.h"
#include "gf2/toeplitz_product/tile_kernel.h"

namespace lightseed {

/// A Toeplitz matrix over GF(2), ready to be multiplied by many vectors: the engine of the whole Toeplitz family.
///
/// T[i][j] = t[columns + i - j] for 0 <= i < rows, 0 <= j < columns; t has rows + columns bits, t[0] is never
/// used ("native" diagonal order, docs/extractors.md). As polynomials: y_i is coefficient columns + i of t(z) x(z).
/// Long blocks go by the additive FFT where the target has one, all others by Karatsuba: then the
/// matrix is cut into rectangles of square tiles; tiles on a diagonal share one table. Immutable: threads may
/// share it.
class ToeplitzProduct {
 public:
  /// `diagonals` holds words_for(rows + columns) words. rows, columns >= 1.
  ToeplitzProduct(std::size_t rows, std::size_t columns, std::span<const std::uint64_t> diagonals,
                  Target target = active_target());

  /// About how many cycles a product takes with 512-bit vectors, for comparing shapes with each other: 76 a leaf
  /// product of 1024 x 1024 bits, and copies where rows or columns are no whole leaves. The tiling alone counts, not
  /// the transform that takes over for sides of 2^15 and more. The same on every machine.
  static double work(std::size_t rows, std::size_t columns);

  [[nodiscard]] std::size_t rows() const noexcept { return rows_; }
  [[nodiscard]] std::size_t columns() const noexcept { return columns_; }

  /// y = init + T x. `x` holds at least `columns` bits (what follows them is ignored), `init` and `y` words_for(rows)
  /// words; init may be empty (zero) or the same memory as y, which must not overlap x. Bits of y above `rows` are
  /// zero. Working memory is locked, belongs to the calling thread and is wiped when the thread ends.
  void multiply(std::span<const std::uint64_t> x, std::span<const std::uint64_t> init,
                std::span<std::uint64_t> y) const;

 private:
  /// A rectangle of equal tiles. Offsets and sizes in words; `tables` holds one table a tile diagonal, from top
  /// right to bottom left.
  struct Part {
    std::size_t row, column, tile, tile_rows, tile_columns;
    std::size_t table_words;
    SecretBytes tables;
  };

  std::size_t rows_, columns_;
  const toeplitz::TileKernel* kernel_;
  std::size_t padded_rows_ = 0, padded_columns_ = 0;  ///< words the parts cover
  std::size_t largest_tile_ = 0;                      ///< words
  std::vector<Part> parts_;
  std::unique_ptr<const FftProduct> long_;  ///< for long blocks, instead of all the above

  void multiply_part(const Part& part, const std::uint64_t* x, const std::uint64_t* init, std::uint64_t* y,
                     std::uint64_t* scratch) const;
  void multiply_parts(const std::uint64_t* x, const std::uint64_t* init, std::uint64_t* y, std::size_t y_words,
                      std::uint64_t* scratch) const;
};

}  // namespace lightseed
