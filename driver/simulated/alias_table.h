#pragma once

#include <array>
#include <cstdint>
#include <span>

namespace lightseed::simulated {

/// Draws 8-bit codes from any law at one table look-up a sample (Walker's alias method).
///
/// A uniform 32-bit word chooses a column with its low 8 bits and, with its high 24, the column's own code or its
/// alias. Each probability is met within 2^-33.
class AliasTable {
 public:
  /// `probabilities` sum to 1 within rounding; element c is the probability of code c.
  explicit AliasTable(const std::array<double, 256>& probabilities);

  /// One code a word; the spans have the same length.
  void draw(std::span<const std::uint32_t> uniform, std::span<std::uint8_t> codes) const noexcept;

 private:
  std::array<std::uint32_t, 256> columns_;  ///< threshold << 8 | alias
};

}  // namespace lightseed::simulated
