// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "core/secret_bytes.h"
#include "gf2/additive_fft/fft_engine.h"
#include "gf2/additive_fft/tile_groups.h"

namespace lightseed {

/// The Toeplitz product of long blocks by an additive FFT: square tiles, one spectrum of the seed for each tile
/// diagonal, kept; a transform for each tile of the input, a transform back for each tile of the output, and the sums
/// of products in between. Few tiles are multiplied one by one, many in groups (tile_groups.h). Immutable: threads may
/// share it.
class FftProduct {
 public:
  /// A matrix as ToeplitzProduct's (native diagonal order). The cheapest grouping unless told.
  FftProduct(std::size_t rows, std::size_t columns, std::span<const std::uint64_t> diagonals,
             const additive_fft::FftEngine& engine,
             const std::optional<additive_fft::TileGrouping>& grouping = std::nullopt);

  /// y = init + T x; as ToeplitzProduct::multiply.
  void multiply(std::span<const std::uint64_t> x, std::span<const std::uint64_t> init,
                std::span<std::uint64_t> y) const;

  /// Estimated processor cycles of one product.
  static double cycles(std::size_t rows, std::size_t columns, const additive_fft::FftEngine& engine) noexcept;

 private:
  const additive_fft::FftEngine* engine_;
  std::size_t rows_, columns_;
  std::size_t tile_rows_, tile_columns_;
  additive_fft::TileGrouping grouping_;
  /// One spectrum a tile diagonal, top right to bottom left; with groups, for each slice of the spectra its values at
  /// the points across the tiles, one set a group diagonal.
  SecretBytes spectra_;
  SecretBytes tails_;  ///< with groups: the tails of those spectra

  struct Working;  ///< the memory of one product

  [[nodiscard]] std::size_t gathered_words() const noexcept {
    return additive_fft::FftEngine::slice_words << grouping_.levels;
  }
  [[nodiscard]] std::size_t group_diagonals() const noexcept { return grouping_.rows + grouping_.columns - 1; }
  void transform_seed(std::span<const std::uint64_t> padded);
  void transform_seed_in_groups(std::span<const std::uint64_t> padded);
  void transform_input(std::span<const std::uint64_t> x, const Working& working) const;
  void multiply_slice(std::size_t slice, const Working& working) const;
  void multiply_in_groups(const Working& working) const;
  void write_row(std::size_t row, std::uint64_t* spectrum, const Working& working, std::span<const std::uint64_t> init,
                 std::span<std::uint64_t> y) const;
};

}  // namespace lightseed
