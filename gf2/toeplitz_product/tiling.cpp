// SPDX-License-Identifier: Apache-2.0
#include "gf2/toeplitz_product/tiling.h"

#include <algorithm>
#include <bit>
#include <map>
#include <utility>

namespace lightseed::toeplitz {

std::size_t products_of_tile(std::size_t tile) noexcept {
  const std::size_t ways = odd_part(tile);
  std::size_t products = ways * (ways + 1) / 2;
  for (; tile > ways; tile /= 2)
    products *= 3;
  return products;
}

namespace {

constexpr std::size_t most_ways = 5;  // seven take 28 products, eight by halves 27

/// The next smaller side a tile may have; 0 below 1.
std::size_t next_below(std::size_t tile) noexcept {
  do
    --tile;
  while (tile > 0 && odd_part(tile) > most_ways);
  return tile;
}

/// The best first rectangle of every size met, found once.
class Search {
 public:
  struct Choice {
    std::size_t products = 0;
    std::size_t tile = 0, tile_rows = 0, tile_columns = 0;
  };

  /// Tiles far smaller than the shorter side never win. After the first rectangle, in the top left corner, two strips
  /// are left: one beside it, of its height, and one below both, of full width.
  const Choice& best(std::size_t rows, std::size_t columns) {
    if (const auto known = known_.find({rows, columns}); known != known_.end()) return known->second;
    Choice least;
    const std::size_t most = std::bit_ceil(std::min(rows, columns));
    for (std::size_t tile = most; tile >= 1 && tile >= most / 8; tile = next_below(tile)) {
      for (const std::size_t tile_rows : {rows / tile, (rows + tile - 1) / tile}) {
        for (const std::size_t tile_columns : {columns / tile, (columns + tile - 1) / tile}) {
          if (tile_rows == 0 || tile_columns == 0) continue;
          const std::size_t height = std::min(rows, tile_rows * tile);
          const std::size_t width = std::min(columns, tile_columns * tile);
          std::size_t products = tile_rows * tile_columns * products_of_tile(tile);
          if (least.tile != 0 && products > least.products) continue;
          if (width < columns) products += best(height, columns - width).products;
          if (height < rows) products += best(rows - height, columns).products;
          if (least.tile == 0 || products < least.products) least = {products, tile, tile_rows, tile_columns};
        }
      }
    }
    return known_[{rows, columns}] = least;
  }

 private:
  std::map<std::pair<std::size_t, std::size_t>, Choice> known_;
};

void place(Search& search, std::size_t row, std::size_t column, std::size_t rows, std::size_t columns,
           std::vector<Rectangle>& out) {
  const Search::Choice choice = search.best(rows, columns);
  out.push_back({row, column, choice.tile, choice.tile_rows, choice.tile_columns});
  const std::size_t height = std::min(rows, choice.tile_rows * choice.tile);
  const std::size_t width = std::min(columns, choice.tile_columns * choice.tile);
  if (width < columns) place(search, row, column + width, height, columns - width, out);
  if (height < rows) place(search, row + height, column, rows - height, columns, out);
}

}  // namespace

std::vector<Rectangle> choose_tiling(std::size_t rows, std::size_t columns) {
  Search search;
  std::vector<Rectangle> tiling;
  place(search, 0, 0, rows, columns, tiling);
  return tiling;
}

std::size_t leaf_products(const std::vector<Rectangle>& tiling) {
  std::size_t products = 0;
  for (const Rectangle& part : tiling)
    products += part.rows * part.columns * products_of_tile(part.tile);
  return products;
}

}  // namespace lightseed::toeplitz
