// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bit>
#include <cstddef>
#include <vector>

namespace lightseed::toeplitz {

/// A rectangle of `rows` x `columns` square tiles of side `tile`, at (`row`, `column`); lengths in leaves.
struct Rectangle {
  std::size_t row, column, tile, rows, columns;
};

/// A tile of side w 2^j, w odd, takes w (w + 1) / 2 times 3^j leaf products (tile_kernel.h).
constexpr std::size_t odd_part(std::size_t tile) noexcept {
  return tile == 0 ? 0 : tile >> std::countr_zero(tile);
}
std::size_t products_of_tile(std::size_t tile) noexcept;

/// Covers a matrix of rows x columns leaves with rectangles of tiles, so that few leaf products are needed. Tiles may
/// stick out to the right and below (padding).
std::vector<Rectangle> choose_tiling(std::size_t rows, std::size_t columns);

/// Leaf products of a tiling.
std::size_t leaf_products(const std::vector<Rectangle>& tiling);

}  // namespace lightseed::toeplitz
