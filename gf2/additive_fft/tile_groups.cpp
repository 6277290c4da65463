// SPDX-License-Identifier: Apache-2.0
#include "gf2/additive_fft/tile_groups.h"

#include <algorithm>

namespace lightseed::additive_fft {
namespace {

std::size_t parts(std::size_t whole, std::size_t part) noexcept {
  return (whole + part - 1) / part;
}

double transforms(std::size_t tile_rows, std::size_t tile_columns, const FftEngine& engine) noexcept {
  return engine.cycles_per_transform * static_cast<double>(tile_rows + tile_columns);
}

}  // namespace

TileGrouping grouping_of(std::size_t tile_rows, std::size_t tile_columns, unsigned levels,
                         const FftEngine& engine) noexcept {
  const std::size_t most = largest_side(levels);
  TileGrouping grouping;
  grouping.levels = levels;
  grouping.rows = parts(tile_rows, most);
  grouping.columns = parts(tile_columns, most);
  grouping.side = std::max(parts(tile_rows, grouping.rows), parts(tile_columns, grouping.columns));
  const auto points = static_cast<double>(std::size_t{1} << levels);
  const auto rows = static_cast<double>(grouping.rows), columns = static_cast<double>(grouping.columns);
  // The change of basis and the ways of the slices cost about a half on top of the butterflies.
  grouping.cycles = transforms(tile_rows, tile_columns, engine) +
                    (rows + columns) * points * levels * 0.75 * engine.cycles_per_butterfly +
                    rows * columns * points * engine.cycles_per_product;
  return grouping;
}

TileGrouping choose_grouping(std::size_t tile_rows, std::size_t tile_columns, const FftEngine& engine) noexcept {
  TileGrouping best;
  best.rows = tile_rows;
  best.columns = tile_columns;
  best.cycles = transforms(tile_rows, tile_columns, engine) +
                engine.cycles_per_product * static_cast<double>(tile_rows) * static_cast<double>(tile_columns);
  for (const unsigned levels : across_levels) {
    const TileGrouping grouping = grouping_of(tile_rows, tile_columns, levels, engine);
    if (grouping.cycles < best.cycles) best = grouping;
  }
  return best;
}

}  // namespace lightseed::additive_fft
