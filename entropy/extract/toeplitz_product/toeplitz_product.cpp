#include "entropy/extract/toeplitz_product/toeplitz_product.h"

#include <algorithm>

#include "core/bits.h"

namespace lightseed {
namespace toeplitz {

const TileKernel& tile_kernel(Target target) {
#if defined(__x86_64__)
  switch (target) {
    case Target::portable: return kernel_portable;
    case Target::vector128: return kernel_128;
    case Target::vector256: return kernel_256;
    case Target::vector512: return kernel_512;
  }
#endif
  static_cast<void>(target);
  return kernel_portable;
}

namespace {

struct Tiling {
  std::size_t words;    ///< of a tile's side
  std::size_t records;  ///< leaf records of one tile: 3^levels
};

/// The tile size with the fewest leaf products, counting what padding wastes; the larger tile when equal, because
/// it needs fewer diagonals.
Tiling choose_tiling(std::size_t rows, std::size_t columns, const TileKernel& kernel) {
  Tiling best{};
  std::size_t least = 0;
  Tiling tiling{kernel.leaf_words, 1};
  for (;; tiling = {tiling.words * 2, tiling.records * 3}) {
    const std::size_t side = tiling.words * 64;
    const std::size_t tile_rows = (rows + side - 1) / side;
    const std::size_t tile_columns = (columns + side - 1) / side;
    const std::size_t products = tile_rows * tile_columns * tiling.records;
    if (best.words == 0 || products <= least) {
      best = tiling;
      least = products;
    }
    if (tile_rows == 1 || tile_columns == 1) return best;
  }
}

/// Fills the table of a tile from its window of 2 `words` words, in the order multiply() walks it.
void prepare(const TileKernel& kernel, const std::uint64_t* window, std::size_t words, std::uint64_t*& out) {
  if (words == kernel.leaf_words) {
    kernel.record(window, out);
    out += kernel.record_words;
    return;
  }
  const std::size_t half = words / 2;
  prepare(kernel, window + half, half, out);
  SecretBytes sum(words * sizeof(std::uint64_t));
  for (const std::size_t offset : {std::size_t{0}, half}) {
    for (std::size_t i = 0; i < words; ++i)
      sum.words()[i] = window[offset + i] ^ window[offset + half + i];
    prepare(kernel, sum.words().data(), half, out);
  }
}

/// `words` words of locked memory that belong to this thread; what was in them is unspecified.
std::span<std::uint64_t> thread_scratch(std::size_t words) {
  thread_local SecretBytes memory;
  if (memory.size() < words * sizeof(std::uint64_t)) memory = SecretBytes(words * sizeof(std::uint64_t));
  return memory.words().first(words);
}

}  // namespace
}  // namespace toeplitz

ToeplitzProduct::ToeplitzProduct(std::size_t rows, std::size_t columns, std::span<const std::uint64_t> diagonals,
                                 Target target)
    : rows_(rows), columns_(columns), kernel_(&toeplitz::tile_kernel(target)) {
  const toeplitz::Tiling tiling = toeplitz::choose_tiling(rows, columns, *kernel_);
  tile_words_ = tiling.words;
  const std::size_t side = tile_words_ * 64;
  tile_rows_ = (rows + side - 1) / side;
  tile_columns_ = (columns + side - 1) / side;
  table_words_ = tiling.records * kernel_->record_words;
  const std::size_t tile_diagonals = tile_rows_ + tile_columns_ - 1;
  tables_ = SecretBytes(tile_diagonals * table_words_ * sizeof(std::uint64_t));

  // Padding the columns to whole tiles moves every diagonal up by the same distance.
  SecretBytes padded((tile_diagonals + 1) * tile_words_ * sizeof(std::uint64_t));
  copy_bits(diagonals, 0, padded.words(), tile_columns_ * side - columns, rows + columns);
  std::uint64_t* out = tables_.words().data();
  for (std::size_t d = 0; d < tile_diagonals; ++d)
    toeplitz::prepare(*kernel_, padded.words().data() + d * tile_words_, tile_words_, out);
}

const std::uint64_t* ToeplitzProduct::table_of(std::size_t tile_row, std::size_t tile_column) const noexcept {
  return tables_.words().data() + (tile_columns_ - 1 + tile_row - tile_column) * table_words_;
}

void ToeplitzProduct::multiply_tiles(const std::uint64_t* x, const std::uint64_t* init, std::uint64_t* y,
                                     std::uint64_t* scratch) const {
  for (std::size_t r = 0; r < tile_rows_; ++r) {
    std::uint64_t* const part = y + r * tile_words_;
    const std::uint64_t* sum = init == nullptr ? nullptr : init + r * tile_words_;
    for (std::size_t c = 0; c < tile_columns_; ++c) {
      kernel_->multiply(table_of(r, c), x + c * tile_words_, sum, part, tile_words_, scratch);
      sum = part;
    }
  }
}

void ToeplitzProduct::multiply(std::span<const std::uint64_t> x, std::span<const std::uint64_t> init,
                               std::span<std::uint64_t> y) const {
  const std::size_t x_words = tile_columns_ * tile_words_;
  const std::size_t y_words = tile_rows_ * tile_words_;
  const std::span<std::uint64_t> scratch = toeplitz::thread_scratch(2 * tile_words_ + x_words + y_words);
  const std::span<std::uint64_t> padded_x = scratch.subspan(2 * tile_words_, x_words);
  const std::span<std::uint64_t> padded_y = scratch.subspan(2 * tile_words_ + x_words, y_words);

  const std::uint64_t* input = x.data();
  if (columns_ != x_words * 64) {
    std::fill(padded_x.begin() + static_cast<std::ptrdiff_t>(columns_ / 64), padded_x.end(), 0);
    copy_bits(x, 0, padded_x, 0, columns_);
    input = padded_x.data();
  }
  if (rows_ == y_words * 64) {
    multiply_tiles(input, init.empty() ? nullptr : init.data(), y.data(), scratch.data());
    return;
  }
  multiply_tiles(input, nullptr, padded_y.data(), scratch.data());
  if (rows_ % 64 != 0) padded_y[rows_ / 64] &= (std::uint64_t{1} << rows_ % 64) - 1;
  for (std::size_t i = 0; i < words_for(rows_); ++i)
    y[i] = init.empty() ? padded_y[i] : init[i] ^ padded_y[i];
}

}  // namespace lightseed
