// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

#include "gf2/target.h"
#include "gf2/vector128.h"

namespace lightseed::additive_fft {

/// Levels of the transforms across tiles. Odd numbers lose more to what wraps round than they save (tile_groups.h).
inline constexpr std::array<unsigned, 3> across_levels = {4, 6, 8};

/// How one instruction set multiplies square Toeplitz tiles by an additive FFT: the tile's window t of two sides and
/// the input x are transformed, products of their spectra taken point by point, and the middle of t(z) x(z) transformed
/// back (docs/extractors.md, "Long blocks"). Lengths in words of 64 bits. Times and addresses depend on the sizes only.
struct FftEngine {
  std::size_t tile_words;
  std::size_t window_words;    ///< of the memory for a window: 2 tile_words, then zeros
  std::size_t input_words;     ///< of the memory for an input: zeros, then tile_words
  std::size_t spectrum_words;  ///< in an order of the engine's own
  std::size_t scratch_words;

  /// Spectra of a window and of an input, which they destroy.
  void (*transform_window)(std::uint64_t* window, std::uint64_t* spectrum, std::uint64_t* scratch);
  void (*transform_input)(std::uint64_t* input, std::uint64_t* spectrum, std::uint64_t* scratch);

  /// sum = the sum of windows[i] inputs[i], i < count, for `words` words of spectra or of slices, whole slices; what
  /// follows a spectrum's points is not part of it.
  void (*dot)(const std::uint64_t* const* windows, const std::uint64_t* const* inputs, std::size_t count,
              std::size_t words, std::uint64_t* sum);

  /// The same for the `tail_words` words that follow the points of a spectrum, given by themselves; null where there
  /// are none.
  std::size_t tail_words;
  void (*dot_tails)(const std::uint64_t* const* windows, const std::uint64_t* const* inputs, std::size_t count,
                    std::uint64_t* sum);

  /// out = the tile's output, tile_words words. Destroys the spectrum.
  void (*inverse)(std::uint64_t* spectrum, std::uint64_t* out, std::uint64_t* scratch);

  // The transform across tiles (tile_groups.h). The points of a spectrum are cut into slices of `slice_words` words;
  // slices of the same number, one a tile, are the coefficients of polynomials over the field, one for each point.

  static constexpr std::size_t slice_words = 32;

  /// At 2^levels points, in place.
  struct Across {
    void (*windows)(std::uint64_t* gathered);  ///< coefficients in 2^levels slices to values
    void (*input)(std::uint64_t* gathered);    ///< coefficients in the first half of them; the second is not read
    void (*inverse)(std::uint64_t* gathered);  ///< values to coefficients, of which the second half is left

    /// From a class of an engine with functions of these names.
    template <typename Functions>
    static constexpr Across of() noexcept {
      return {Functions::windows, Functions::input, Functions::inverse};
    }
  };
  std::array<Across, across_levels.size()> across;  ///< one for each of across_levels

  /// Measured processor cycles of a transform, of a product of spectra and of a butterfly of two of them, to choose
  /// between this and Karatsuba, and how tiles are grouped.
  double cycles_per_transform, cycles_per_product, cycles_per_butterfly;

  [[nodiscard]] const Across& across_at(unsigned levels) const {
    return across.at(static_cast<std::size_t>(std::ranges::find(across_levels, levels) - across_levels.begin()));
  }
  [[nodiscard]] std::size_t point_words() const noexcept { return spectrum_words - tail_words; }
  [[nodiscard]] std::size_t slices() const noexcept { return point_words() / slice_words; }
};

/// The engine of a supported target; null where there is none.
const FftEngine* fft_engine(Target target);

#if defined(LIGHTSEED_VECTOR128)
extern const FftEngine word_engine_128;
#endif
#if defined(__x86_64__)
extern const FftEngine word_engine_256;
extern const FftEngine byte_engine;  ///< Target::vector512
#endif

}  // namespace lightseed::additive_fft
