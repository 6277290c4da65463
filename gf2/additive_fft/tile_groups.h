// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

#include "gf2/additive_fft/fft_engine.h"

namespace lightseed::additive_fft {

/// How the tiles of a long Toeplitz matrix are put together.
///
/// A product of spectra for each tile makes the work grow with the square of the block's length. But the matrix of
/// tiles is a Toeplitz matrix too, over the ring of spectra: so `side` x `side` tiles make a group, and its product is
/// the middle of a product of polynomials in a second variable, whose coefficients are spectra. They are multiplied by
/// a second additive FFT across the tiles, with P = 2^levels points: windows k = 0 … 2 side - 2 of a group's diagonal
/// are the coefficients k + 1, inputs j = 0 … side - 1 the coefficients P/2 - side + j; so the rows are those from P/2
/// on. Inputs then lie in the lower half and rows in the upper one, so that both are spared the highest level and half
/// of the change of basis. Coefficients from P on come back below P/2, since products are modulo s_levels(y) = y^P +
/// y^wrap(levels) + lower powers. With 4 and with 8 levels the wrap is 1 and a group may fill half of the points, which
/// is all that fits.
struct TileGrouping {
  unsigned levels = 0;                ///< of the FFT across tiles; 0: none, a product of spectra for each tile
  std::size_t side = 1;               ///< tiles of a group's side
  std::size_t rows = 0, columns = 0;  ///< groups
  double cycles = 0;                  ///< of one product, estimated
};

/// The second highest power in s_levels, 1 <= levels <= 16.
constexpr std::size_t wrap(unsigned levels) noexcept {
  return std::size_t{1} << (levels & (levels - 1));
}

/// The largest side of a group at 2^levels points: 2 side - 2 + wrap(levels) < 2^levels. With 5 levels that is no more
/// than with 4, and with 7 a third more than with 6, for twice the points.
constexpr std::size_t largest_side(unsigned levels) noexcept {
  return ((std::size_t{1} << levels) + 1 - wrap(levels)) / 2;
}

/// The cheapest way for tile_rows x tile_columns tiles, each from 1 on.
TileGrouping choose_grouping(std::size_t tile_rows, std::size_t tile_columns, const FftEngine& engine) noexcept;

/// The cheapest one with 2^levels points, one of across_levels; for tests, which want all of them.
TileGrouping grouping_of(std::size_t tile_rows, std::size_t tile_columns, unsigned levels,
                         const FftEngine& engine) noexcept;

}  // namespace lightseed::additive_fft
