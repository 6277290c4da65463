#pragma once

#include <cstddef>
#include <vector>

namespace lightseed::toeplitz {

/// A rectangle of `rows` x `columns` square tiles of side `tile`, at (`row`, `column`); lengths in leaves.
struct Rectangle {
  std::size_t row, column, tile, rows, columns;
};

/// Covers a matrix of rows x columns leaves with rectangles of tiles whose sides are powers of two, so that few leaf
/// products are needed: a tile of 2^j costs 3^j, not 4^j. Tiles may stick out to the right and below (padding).
std::vector<Rectangle> choose_tiling(std::size_t rows, std::size_t columns);

/// Leaf products of a tiling.
std::size_t leaf_products(const std::vector<Rectangle>& tiling);

}  // namespace lightseed::toeplitz
