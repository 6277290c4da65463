#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "core/secret_bytes.h"

namespace lightseed {

/// The Toeplitz product of long blocks by the additive FFT: square tiles of 2^18 bits, one spectrum of the seed for
/// each tile diagonal, kept; a transform for each tile of the input, a transform back for each tile of the output, and
/// the sums of products in between taken point by point. Needs Target::vector512. Immutable: threads may share it.
class FftProduct {
 public:
  static constexpr std::size_t tile_bits = std::size_t{1} << 18;

  /// A matrix as ToeplitzProduct's (native diagonal order).
  FftProduct(std::size_t rows, std::size_t columns, std::span<const std::uint64_t> diagonals);

  /// y = init + T x; as ToeplitzProduct::multiply.
  void multiply(std::span<const std::uint64_t> x, std::span<const std::uint64_t> init,
                std::span<std::uint64_t> y) const;

  /// Estimated processor cycles of one product, to choose between this and Karatsuba.
  static double cycles(std::size_t rows, std::size_t columns) noexcept;

 private:
  std::size_t rows_, columns_;
  std::size_t tile_rows_, tile_columns_;
  SecretBytes spectra_;                   ///< one a tile diagonal, top right to bottom left
  std::vector<std::uint8_t> last_bytes_;  ///< of each diagonal's window: the product that wraps round needs it
};

}  // namespace lightseed
