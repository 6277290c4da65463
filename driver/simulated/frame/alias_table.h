// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace lightseed::simulated {

/// Draws codes of 1 to 16 bits from any laws at one table look-up a sample (Walker's alias method).
///
/// A uniform 32-bit word chooses a column with its low bits and, with the others, the column's own code or its alias.
/// The law is first rounded to whole multiples of 2^-32 that sum to one; the table then holds that rounded law exactly.
/// So each probability is met within 2^-32, and a code less likely than that may never come.
class AliasTable {
 public:
  /// Element c of a law is the probability of code c. All laws have the same length, a power of two from 2 to 65536,
  /// and sum to 1 within rounding. Throws Error(internal) where they do not.
  explicit AliasTable(std::span<const std::vector<double>> laws);

  /// One code a word, all from the first law; the spans have the same length. Bytes serve codes of up to 8 bits.
  void draw(std::span<const std::uint32_t> uniform, std::span<std::uint8_t> codes) const noexcept;
  void draw(std::span<const std::uint32_t> uniform, std::span<std::uint16_t> codes) const noexcept;

  /// Code i from law number rows[i].
  void draw(std::span<const std::uint32_t> uniform, std::span<const std::uint8_t> rows,
            std::span<std::uint16_t> codes) const noexcept;

  /// The law the table draws from, in units of 2^-32.
  [[nodiscard]] std::vector<std::uint64_t> exact_law(std::size_t row) const;

 private:
  unsigned bits_;
  std::vector<std::uint32_t> columns_;  ///< one law after the other: threshold << bits | alias
};

}  // namespace lightseed::simulated
