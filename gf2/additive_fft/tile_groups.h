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
/// a second additive FFT across the tiles, with 2^levels points: windows k = 0 … 2 side - 2 of a group's diagonal times
/// inputs j = 0 … side - 1 give the rows as coefficients side - 1 … 2 side - 2. Coefficients from 2^levels on come
/// back below side - 1, since products are modulo s_levels(y) = y^(2^levels) + y^wrap(levels) + lower powers.
/// With 8 levels the wrap is 1 and the group nearly fills the points: that is the length for very long blocks.
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

/// The largest side of a group at 2^levels points.
constexpr std::size_t largest_side(unsigned levels) noexcept {
  const std::size_t points = std::size_t{1} << levels;
  std::size_t side = 1;
  const auto fits = [&](std::size_t s) { return 3 * s - 3 < points || 2 * s - 2 + wrap(levels) < points; };
  while (fits(side + 1))
    ++side;
  return side;
}

/// The cheapest way for tile_rows x tile_columns tiles, each from 1 on.
TileGrouping choose_grouping(std::size_t tile_rows, std::size_t tile_columns, const FftEngine& engine) noexcept;

/// The cheapest one with 2^levels points, 4 <= levels <= 8; for tests, which want all of them.
TileGrouping grouping_of(std::size_t tile_rows, std::size_t tile_columns, unsigned levels,
                         const FftEngine& engine) noexcept;

}  // namespace lightseed::additive_fft
