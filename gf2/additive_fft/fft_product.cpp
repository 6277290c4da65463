// SPDX-License-Identifier: Apache-2.0
#include "gf2/additive_fft/fft_product.h"

#include <algorithm>
#include <vector>

#include "core/bits.h"
#include "core/thread_scratch.h"

namespace lightseed {
namespace additive_fft {

const FftEngine* fft_engine(Target target) {
  switch (target) {
#if defined(LIGHTSEED_VECTOR128)
    case Target::vector128: return &word_engine_128;
#endif
#if defined(__x86_64__)
    case Target::vector256: return &word_engine_256;
    case Target::vector512: return &byte_engine;
#endif
    default: return nullptr;
  }
}

}  // namespace additive_fft

namespace {

using additive_fft::FftEngine;

std::size_t tiles_for(std::size_t bits, const FftEngine& engine) noexcept {
  return (words_for(bits) + engine.tile_words - 1) / engine.tile_words;
}

using Pointers = std::vector<const std::uint64_t*>;

constexpr std::size_t slice_words = FftEngine::slice_words;

/// Slice `slice` of the spectrum of tile `tile`.
std::uint64_t* slice_of(std::uint64_t* spectra, std::size_t tile, std::size_t slice, const FftEngine& engine) noexcept {
  return spectra + tile * engine.spectrum_words + slice * slice_words;
}

}  // namespace

/// One product's memory, of the thread that computes it.
struct FftProduct::Working {
  std::uint64_t* spectra;   ///< of the input tiles; with groups, then of the output tiles
  std::uint64_t* sum;       ///< one spectrum; with groups the gathered slices of a row of groups
  std::uint64_t* gathered;  ///< of the input, all groups of columns
  std::uint64_t* tails;     ///< of the output
  std::span<std::uint64_t> tile;
  std::uint64_t* scratch;
};

double FftProduct::cycles(std::size_t rows, std::size_t columns, const FftEngine& engine) noexcept {
  return additive_fft::choose_grouping(tiles_for(rows, engine), tiles_for(columns, engine), engine).cycles;
}

FftProduct::FftProduct(std::size_t rows, std::size_t columns, std::span<const std::uint64_t> diagonals,
                       const FftEngine& engine, const std::optional<additive_fft::TileGrouping>& grouping)
    : engine_(&engine),
      rows_(rows),
      columns_(columns),
      tile_rows_(tiles_for(rows, engine)),
      tile_columns_(tiles_for(columns, engine)),
      grouping_(grouping ? *grouping : additive_fft::choose_grouping(tile_rows_, tile_columns_, engine)) {
  const std::size_t side = engine.tile_words;
  const std::size_t padded_rows = grouping_.rows * grouping_.side;
  const std::size_t padded_columns = grouping_.columns * grouping_.side;
  // Padding the columns to whole tiles, or groups of them, moves every diagonal up by the same distance.
  SecretBytes padded((padded_rows + padded_columns) * side * sizeof(std::uint64_t));
  copy_bits(diagonals, 0, padded.words(), padded_columns * side * 64 - columns, rows + columns);
  if (grouping_.levels == 0) {
    transform_seed(padded.words());
  } else {
    transform_seed_in_groups(padded.words());
  }
}

void FftProduct::transform_seed(std::span<const std::uint64_t> padded) {
  const std::size_t side = engine_->tile_words;
  const std::size_t tile_diagonals = tile_rows_ + tile_columns_ - 1;
  spectra_ = SecretBytes(tile_diagonals * engine_->spectrum_words * sizeof(std::uint64_t));
  SecretBytes memory((engine_->window_words + engine_->scratch_words) * sizeof(std::uint64_t));
  const std::span<std::uint64_t> window = memory.words().first(engine_->window_words);
  for (std::size_t d = 0; d < tile_diagonals; ++d) {
    std::ranges::fill(window, 0);
    std::ranges::copy(padded.subspan(d * side, 2 * side), window.begin());
    engine_->transform_window(window.data(), spectra_.words().data() + d * engine_->spectrum_words,
                              window.data() + engine_->window_words);
  }
}

void FftProduct::transform_seed_in_groups(std::span<const std::uint64_t> padded) {
  const std::size_t side = engine_->tile_words;
  const std::size_t spectrum = engine_->spectrum_words;
  const std::size_t tail = engine_->tail_words;
  const std::size_t windows = 2 * grouping_.side - 1;
  const std::size_t unit = gathered_words();
  spectra_ = SecretBytes(engine_->slices() * group_diagonals() * unit * sizeof(std::uint64_t));
  tails_ = SecretBytes((grouping_.rows + grouping_.columns) * grouping_.side * tail * sizeof(std::uint64_t));
  SecretBytes memory((engine_->window_words + engine_->scratch_words + windows * spectrum) * sizeof(std::uint64_t));
  const std::span<std::uint64_t> window = memory.words().first(engine_->window_words);
  std::uint64_t* const scratch = window.data() + window.size();
  std::uint64_t* const of_windows = scratch + engine_->scratch_words;
  for (std::size_t d = 0; d < group_diagonals(); ++d) {
    for (std::size_t k = 0; k < windows; ++k) {
      const std::size_t diagonal = d * grouping_.side + k;
      std::ranges::fill(window, 0);
      std::ranges::copy(padded.subspan(diagonal * side, 2 * side), window.begin());
      engine_->transform_window(window.data(), of_windows + k * spectrum, scratch);
      std::copy_n(of_windows + (k + 1) * spectrum - tail, tail, tails_.words().data() + diagonal * tail);
    }
    for (std::size_t slice = 0; slice < engine_->slices(); ++slice) {
      std::uint64_t* const values = spectra_.words().data() + (slice * group_diagonals() + d) * unit;
      // Coefficient 0 and those behind the windows are zero, as new memory is.
      for (std::size_t k = 0; k < windows; ++k)
        std::copy_n(slice_of(of_windows, k, slice, *engine_), slice_words, values + (k + 1) * slice_words);
      engine_->across_at(grouping_.levels).windows(values);
    }
  }
}

void FftProduct::transform_input(std::span<const std::uint64_t> x, const Working& working) const {
  const std::size_t side = engine_->tile_words;
  const std::span<std::uint64_t> tile = working.tile;
  for (std::size_t c = 0; c < tile_columns_; ++c) {
    const std::size_t bits = std::min(side * 64, columns_ - c * side * 64);
    if (bits < tile.size() * 64) std::ranges::fill(tile, 0);
    copy_bits(x, c * side * 64, tile, (tile.size() - side) * 64, bits);
    engine_->transform_input(tile.data(), working.spectra + c * engine_->spectrum_words, working.scratch);
  }
}

/// A slice of all input spectra becomes that slice of the output's.
void FftProduct::multiply_slice(std::size_t slice, const Working& working) const {
  const std::size_t unit = gathered_words();
  const std::size_t side = grouping_.side;
  const std::size_t half = std::size_t{1} << (grouping_.levels - 1);
  const FftEngine::Across& across = engine_->across_at(grouping_.levels);
  Pointers inputs(grouping_.columns), windows(grouping_.columns);
  for (std::size_t h = 0; h < grouping_.columns; ++h) {
    std::uint64_t* const values = working.gathered + h * unit;
    const std::size_t tiles = std::min(side, tile_columns_ - std::min(tile_columns_, h * side));
    std::uint64_t* const first = values + (half - side) * slice_words;
    std::fill(values, first, 0);
    for (std::size_t j = 0; j < tiles; ++j)
      std::copy_n(slice_of(working.spectra, h * side + j, slice, *engine_), slice_words, first + j * slice_words);
    std::fill(first + tiles * slice_words, values + half * slice_words, 0);
    across.input(values);
    inputs[h] = values;
  }
  const std::uint64_t* const table = spectra_.words().data() + slice * group_diagonals() * unit;
  for (std::size_t g = 0; g < grouping_.rows; ++g) {
    for (std::size_t h = 0; h < grouping_.columns; ++h)
      windows[h] = table + (grouping_.columns - 1 + g - h) * unit;
    engine_->dot(windows.data(), inputs.data(), grouping_.columns, unit, working.sum);
    across.inverse(working.sum);
    const std::size_t tiles = std::min(side, tile_rows_ - std::min(tile_rows_, g * side));
    for (std::size_t i = 0; i < tiles; ++i) {
      std::copy_n(working.sum + (half + i) * slice_words, slice_words,
                  slice_of(working.spectra, g * side + i, slice, *engine_));
    }
  }
}

void FftProduct::multiply_in_groups(const Working& working) const {
  const std::size_t spectrum = engine_->spectrum_words;
  const std::size_t tail = engine_->tail_words;
  if (tail != 0) {
    Pointers inputs(tile_columns_), windows(tile_columns_);
    for (std::size_t r = 0; r < tile_rows_; ++r) {
      for (std::size_t c = 0; c < tile_columns_; ++c) {
        inputs[c] = working.spectra + (c + 1) * spectrum - tail;
        windows[c] = tails_.words().data() + (grouping_.columns * grouping_.side - 1 + r - c) * tail;
      }
      engine_->dot_tails(windows.data(), inputs.data(), tile_columns_, working.tails + r * tail);
    }
  }
  for (std::size_t slice = 0; slice < engine_->slices(); ++slice)
    multiply_slice(slice, working);
  for (std::size_t r = 0; r < tile_rows_; ++r)
    std::copy_n(working.tails + r * tail, tail, working.spectra + (r + 1) * spectrum - tail);
}

void FftProduct::write_row(std::size_t row, std::uint64_t* spectrum, const Working& working,
                           std::span<const std::uint64_t> init, std::span<std::uint64_t> y) const {
  const std::size_t side = engine_->tile_words;
  const std::span<std::uint64_t> tile = working.tile;
  engine_->inverse(spectrum, tile.data(), working.scratch);
  const std::size_t bits = std::min(side * 64, rows_ - row * side * 64);
  if (bits % 64 != 0) tile[bits / 64] &= (std::uint64_t{1} << bits % 64) - 1;
  for (std::size_t i = 0; i < words_for(bits); ++i)
    y[row * side + i] = init.empty() ? tile[i] : tile[i] ^ init[row * side + i];
}

void FftProduct::multiply(std::span<const std::uint64_t> x, std::span<const std::uint64_t> init,
                          std::span<std::uint64_t> y) const {
  const bool grouped = grouping_.levels != 0;
  const std::size_t spectrum = engine_->spectrum_words;
  const std::size_t kept = grouped ? std::max(tile_rows_, tile_columns_) : tile_columns_;
  const std::size_t sum = grouped ? gathered_words() : spectrum;
  const std::size_t gathered = grouped ? grouping_.columns * gathered_words() : 0;
  const std::size_t tails = grouped ? tile_rows_ * engine_->tail_words : 0;
  std::uint64_t* memory = thread_scratch<FftProduct>(kept * spectrum + sum + gathered + tails + engine_->input_words +
                                                     engine_->scratch_words)
                              .data();
  const auto take = [&memory](std::size_t words) {
    std::uint64_t* const taken = memory;
    memory += words;
    return taken;
  };
  const Working working{.spectra = take(kept * spectrum),
                        .sum = take(sum),
                        .gathered = take(gathered),
                        .tails = take(tails),
                        .tile = {take(engine_->input_words), engine_->input_words},
                        .scratch = memory};
  transform_input(x, working);
  if (grouped) {
    multiply_in_groups(working);
    for (std::size_t r = 0; r < tile_rows_; ++r)
      write_row(r, working.spectra + r * spectrum, working, init, y);
    return;
  }
  Pointers inputs(tile_columns_), windows(tile_columns_), input_tails(tile_columns_), window_tails(tile_columns_);
  const std::size_t points = engine_->point_words();
  for (std::size_t r = 0; r < tile_rows_; ++r) {
    for (std::size_t c = 0; c < tile_columns_; ++c) {
      inputs[c] = working.spectra + c * spectrum;
      windows[c] = spectra_.words().data() + (tile_columns_ - 1 + r - c) * spectrum;
      input_tails[c] = inputs[c] + points;
      window_tails[c] = windows[c] + points;
    }
    engine_->dot(windows.data(), inputs.data(), tile_columns_, points, working.sum);
    if (engine_->dot_tails != nullptr)
      engine_->dot_tails(window_tails.data(), input_tails.data(), tile_columns_, working.sum + points);
    write_row(r, working.sum, working, init, y);
  }
}

}  // namespace lightseed
