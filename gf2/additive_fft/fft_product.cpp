// SPDX-License-Identifier: Apache-2.0
#include "gf2/additive_fft/fft_product.h"

#include <algorithm>
#include <vector>

#include "core/bits.h"
#include "core/thread_scratch.h"

namespace lightseed {
namespace additive_fft {

const FftEngine* fft_engine(Target target) {
#if defined(__x86_64__)
  switch (target) {
    case Target::portable: break;
    case Target::vector128: return &word_engine_128;
    case Target::vector256: return &word_engine_256;
    case Target::vector512: return &byte_engine;
  }
#endif
  static_cast<void>(target);
  return nullptr;
}

}  // namespace additive_fft

namespace {

std::size_t tiles_for(std::size_t bits, const additive_fft::FftEngine& engine) noexcept {
  return (words_for(bits) + engine.tile_words - 1) / engine.tile_words;
}

}  // namespace

double FftProduct::cycles(std::size_t rows, std::size_t columns, const additive_fft::FftEngine& engine) noexcept {
  const auto r = static_cast<double>(tiles_for(rows, engine));
  const auto c = static_cast<double>(tiles_for(columns, engine));
  return engine.cycles_per_transform * (r + c) + engine.cycles_per_product * r * c;
}

FftProduct::FftProduct(std::size_t rows, std::size_t columns, std::span<const std::uint64_t> diagonals,
                       const additive_fft::FftEngine& engine)
    : engine_(&engine),
      rows_(rows),
      columns_(columns),
      tile_rows_(tiles_for(rows, engine)),
      tile_columns_(tiles_for(columns, engine)) {
  const std::size_t side = engine.tile_words;
  const std::size_t tile_diagonals = tile_rows_ + tile_columns_ - 1;
  // Padding the columns to whole tiles moves every diagonal up by the same distance.
  SecretBytes padded((tile_diagonals + 1) * side * sizeof(std::uint64_t));
  copy_bits(diagonals, 0, padded.words(), tile_columns_ * side * 64 - columns, rows + columns);
  spectra_ = SecretBytes(tile_diagonals * engine.spectrum_words * sizeof(std::uint64_t));
  SecretBytes memory((engine.window_words + engine.scratch_words) * sizeof(std::uint64_t));
  const std::span<std::uint64_t> window = memory.words().first(engine.window_words);
  for (std::size_t d = 0; d < tile_diagonals; ++d) {
    std::ranges::fill(window, 0);
    std::ranges::copy(padded.words().subspan(d * side, 2 * side), window.begin());
    engine.transform_window(window.data(), spectra_.words().data() + d * engine.spectrum_words,
                            window.data() + engine.window_words);
  }
}

void FftProduct::multiply(std::span<const std::uint64_t> x, std::span<const std::uint64_t> init,
                          std::span<std::uint64_t> y) const {
  const std::size_t side = engine_->tile_words;
  const std::size_t spectrum = engine_->spectrum_words;
  // Working memory of this thread: the input's spectra, one sum, one tile, scratch.
  const std::span<std::uint64_t> memory =
      thread_scratch<FftProduct>((tile_columns_ + 1) * spectrum + engine_->input_words + engine_->scratch_words);
  std::uint64_t* const spectra = memory.data();
  std::uint64_t* const sum = spectra + tile_columns_ * spectrum;
  const std::span<std::uint64_t> tile = memory.subspan((tile_columns_ + 1) * spectrum, engine_->input_words);
  std::uint64_t* const scratch = tile.data() + tile.size();

  std::vector<const std::uint64_t*> inputs(tile_columns_), windows(tile_columns_);
  for (std::size_t c = 0; c < tile_columns_; ++c) {
    const std::size_t bits = std::min(side * 64, columns_ - c * side * 64);
    if (bits < tile.size() * 64) std::ranges::fill(tile, 0);
    copy_bits(x, c * side * 64, tile, (tile.size() - side) * 64, bits);
    engine_->transform_input(tile.data(), spectra + c * spectrum, scratch);
    inputs[c] = spectra + c * spectrum;
  }
  for (std::size_t r = 0; r < tile_rows_; ++r) {
    for (std::size_t c = 0; c < tile_columns_; ++c)
      windows[c] = spectra_.words().data() + (tile_columns_ - 1 + r - c) * spectrum;
    engine_->dot(windows.data(), inputs.data(), tile_columns_, sum);
    engine_->inverse(sum, tile.data(), scratch);
    const std::size_t bits = std::min(side * 64, rows_ - r * side * 64);
    if (bits % 64 != 0) tile[bits / 64] &= (std::uint64_t{1} << bits % 64) - 1;
    for (std::size_t i = 0; i < words_for(bits); ++i)
      y[r * side + i] = init.empty() ? tile[i] : tile[i] ^ init[r * side + i];
  }
}

}  // namespace lightseed
