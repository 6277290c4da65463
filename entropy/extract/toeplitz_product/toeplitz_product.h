#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "core/secret_bytes.h"
#include "entropy/extract/target.h"
#include "entropy/extract/toeplitz_product/tile_kernel.h"

namespace lightseed {

/// A Toeplitz matrix over GF(2), ready to be multiplied by many vectors: the engine of the whole Toeplitz family.
///
/// T[i][j] = t[columns + i - j] for 0 <= i < rows, 0 <= j < columns; t has rows + columns bits, t[0] is never
/// used ("native" diagonal order, docs/extractors.md). As polynomials: y_i is coefficient columns + i of t(z) x(z).
/// The matrix is cut into square tiles; tiles on a diagonal share one table. Immutable: threads may share it.
class ToeplitzProduct {
 public:
  /// `diagonals` holds words_for(rows + columns) words. rows, columns >= 1.
  ToeplitzProduct(std::size_t rows, std::size_t columns, std::span<const std::uint64_t> diagonals,
                  Target target = active_target());

  [[nodiscard]] std::size_t rows() const noexcept { return rows_; }
  [[nodiscard]] std::size_t columns() const noexcept { return columns_; }

  /// y = init + T x. `x` holds at least `columns` bits (what follows them is ignored), `init` and `y` words_for(rows)
  /// words; init may be empty (zero) or the same memory as y, which must not overlap x. Bits of y above `rows` are
  /// zero. Working memory is locked, belongs to the calling thread and is wiped when the thread ends.
  void multiply(std::span<const std::uint64_t> x, std::span<const std::uint64_t> init,
                std::span<std::uint64_t> y) const;

 private:
  std::size_t rows_, columns_;
  const toeplitz::TileKernel* kernel_;
  std::size_t tile_words_, tile_rows_, tile_columns_;
  std::size_t table_words_;  ///< of one tile
  SecretBytes tables_;       ///< one a tile diagonal, top right to bottom left

  [[nodiscard]] const std::uint64_t* table_of(std::size_t tile_row, std::size_t tile_column) const noexcept;
  void multiply_tiles(const std::uint64_t* x, const std::uint64_t* init, std::uint64_t* y,
                      std::uint64_t* scratch) const;
};

}  // namespace lightseed
