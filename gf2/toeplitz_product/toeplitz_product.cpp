// SPDX-License-Identifier: Apache-2.0
#include "gf2/toeplitz_product/toeplitz_product.h"

#include <algorithm>

#include "core/bits.h"
#include "core/thread_scratch.h"
#include "gf2/toeplitz_product/tiling.h"

namespace lightseed {
namespace toeplitz {

const TileKernel& tile_kernel(Target target) {
  switch (target) {
#if defined(LIGHTSEED_VECTOR128)
    case Target::vector128: return kernel_128;
#endif
#if defined(__x86_64__)
    case Target::vector256: return kernel_256;
    case Target::vector512: return kernel_512;
#endif
    default: return kernel_portable;
  }
}

}  // namespace toeplitz

namespace {

constexpr std::size_t least_fft_bits = std::size_t{1} << 15;  // shorter sides never gain

}  // namespace

double ToeplitzProduct::work(std::size_t rows, std::size_t columns) {
  constexpr std::size_t side = 1024;
  const auto tiling = toeplitz::choose_tiling((rows + side - 1) / side, (columns + side - 1) / side);
  const bool padded = rows % side != 0 || columns % side != 0;
  const auto words = static_cast<double>(words_for(rows) + words_for(columns));
  return 76 * static_cast<double>(toeplitz::leaf_products(tiling)) + (padded ? 1.5 * words : 0) + 20;
}

ToeplitzProduct::ToeplitzProduct(std::size_t rows, std::size_t columns, std::span<const std::uint64_t> diagonals,
                                 Target target)
    : rows_(rows), columns_(columns), kernel_(&toeplitz::tile_kernel(target)) {
  const std::size_t leaf = kernel_->leaf_words;
  const std::size_t side = leaf * 64;
  const auto tiling = toeplitz::choose_tiling((rows + side - 1) / side, (columns + side - 1) / side);
  const additive_fft::FftEngine* const engine = additive_fft::fft_engine(target);
  if (engine != nullptr && std::min(rows, columns) >= least_fft_bits &&
      FftProduct::cycles(rows, columns, *engine) <
          kernel_->cycles_per_leaf * static_cast<double>(toeplitz::leaf_products(tiling))) {
    long_ = std::make_unique<const FftProduct>(rows, columns, diagonals, *engine);
    return;
  }
  for (const toeplitz::Rectangle& part : tiling) {
    padded_rows_ = std::max(padded_rows_, (part.row + part.rows * part.tile) * leaf);
    padded_columns_ = std::max(padded_columns_, (part.column + part.columns * part.tile) * leaf);
    largest_tile_ = std::max(largest_tile_, part.tile * leaf);
  }
  // Padding the columns moves every diagonal up by the same distance.
  SecretBytes padded((padded_rows_ + padded_columns_) * sizeof(std::uint64_t));
  copy_bits(diagonals, 0, padded.words(), padded_columns_ * 64 - columns, rows + columns);
  SecretBytes scratch(2 * largest_tile_ * sizeof(std::uint64_t));

  for (const toeplitz::Rectangle& rectangle : tiling) {
    Part part{rectangle.row * leaf,
              rectangle.column * leaf,
              rectangle.tile * leaf,
              rectangle.rows,
              rectangle.columns,
              toeplitz::table_records(rectangle.tile) * kernel_->record_words,
              {}};
    const std::size_t tile_diagonals = part.tile_rows + part.tile_columns - 1;
    part.tables = SecretBytes(tile_diagonals * part.table_words * sizeof(std::uint64_t));
    const std::size_t first = padded_columns_ + part.row - part.column - part.tile_columns * part.tile;
    for (std::size_t d = 0; d < tile_diagonals; ++d) {
      toeplitz::prepare(*kernel_, padded.words().data() + first + d * part.tile, part.tile, scratch.words().data(),
                        part.tables.words().data() + d * part.table_words);
    }
    parts_.push_back(std::move(part));
  }
}

void ToeplitzProduct::multiply_part(const Part& part, const std::uint64_t* x, const std::uint64_t* init,
                                    std::uint64_t* y, std::uint64_t* scratch) const {
  const std::uint64_t* const tables = part.tables.words().data();
  for (std::size_t r = 0; r < part.tile_rows; ++r) {
    const std::size_t row = part.row + r * part.tile;
    const std::uint64_t* sum = init == nullptr ? nullptr : init + row;
    for (std::size_t c = 0; c < part.tile_columns; ++c) {
      const std::uint64_t* const table = tables + (part.tile_columns - 1 + r - c) * part.table_words;
      kernel_->multiply(table, x + part.column + c * part.tile, sum, y + row, part.tile, scratch);
      sum = y + row;
    }
  }
}

void ToeplitzProduct::multiply_parts(const std::uint64_t* x, const std::uint64_t* init, std::uint64_t* y,
                                     std::size_t y_words, std::uint64_t* scratch) const {
  if (parts_.size() == 1) return multiply_part(parts_.front(), x, init, y, scratch);
  if (init == nullptr) {
    std::fill_n(y, y_words, 0);
  } else if (init != y) {
    std::copy_n(init, y_words, y);
  }
  for (const Part& part : parts_)
    multiply_part(part, x, y, y, scratch);
}

void ToeplitzProduct::multiply(std::span<const std::uint64_t> x, std::span<const std::uint64_t> init,
                               std::span<std::uint64_t> y) const {
  if (long_) return long_->multiply(x, init, y);
  const std::size_t working = 2 * largest_tile_;
  const std::span<std::uint64_t> scratch = thread_scratch<ToeplitzProduct>(working + padded_columns_ + padded_rows_);
  const std::span<std::uint64_t> padded_x = scratch.subspan(working, padded_columns_);
  const std::span<std::uint64_t> padded_y = scratch.subspan(working + padded_columns_, padded_rows_);

  const std::uint64_t* input = x.data();
  if (columns_ != padded_columns_ * 64) {
    const std::size_t whole = columns_ / 64;
    std::copy_n(x.data(), whole, padded_x.data());
    std::fill(padded_x.begin() + static_cast<std::ptrdiff_t>(whole), padded_x.end(), 0);
    if (columns_ % 64 != 0) padded_x[whole] = x[whole] & ((std::uint64_t{1} << columns_ % 64) - 1);
    input = padded_x.data();
  }
  if (rows_ == padded_rows_ * 64) {
    multiply_parts(input, init.empty() ? nullptr : init.data(), y.data(), padded_rows_, scratch.data());
    return;
  }
  multiply_parts(input, nullptr, padded_y.data(), padded_rows_, scratch.data());
  if (rows_ % 64 != 0) padded_y[rows_ / 64] &= (std::uint64_t{1} << rows_ % 64) - 1;
  for (std::size_t i = 0; i < words_for(rows_); ++i)
    y[i] = init.empty() ? padded_y[i] : init[i] ^ padded_y[i];
}

}  // namespace lightseed
