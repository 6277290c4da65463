// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "core/secret_bytes.h"
#include "gf2/additive_fft/fft_engine.h"

namespace lightseed {

/// The Toeplitz product of long blocks by an additive FFT: square tiles, one spectrum of the seed for each tile
/// diagonal, kept; a transform for each tile of the input, a transform back for each tile of the output, and the sums
/// of products in between taken point by point. Immutable: threads may share it.
class FftProduct {
 public:
  /// A matrix as ToeplitzProduct's (native diagonal order).
  FftProduct(std::size_t rows, std::size_t columns, std::span<const std::uint64_t> diagonals,
             const additive_fft::FftEngine& engine);

  /// y = init + T x; as ToeplitzProduct::multiply.
  void multiply(std::span<const std::uint64_t> x, std::span<const std::uint64_t> init,
                std::span<std::uint64_t> y) const;

  /// Estimated processor cycles of one product.
  static double cycles(std::size_t rows, std::size_t columns, const additive_fft::FftEngine& engine) noexcept;

 private:
  const additive_fft::FftEngine* engine_;
  std::size_t rows_, columns_;
  std::size_t tile_rows_, tile_columns_;
  SecretBytes spectra_;  ///< one a tile diagonal, top right to bottom left
};

}  // namespace lightseed
