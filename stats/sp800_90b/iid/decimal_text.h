// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace lightseed::sp800_90b {

/// Samples as the compression statistic writes them (5.1.11): decimal numbers with one blank between.
class DecimalText {
 public:
  explicit DecimalText(std::span<const std::uint8_t> samples) : samples_(samples) {}

  [[nodiscard]] std::string text() const;

  /// The next piece that bzip2 compresses on its own, after its Burrows–Wheeler transform.
  ///
  /// The transform sorts all rotations of the block. Numbers with their blank are a prefix-free code, so rotations
  /// that begin at a number sort as sequences of numbers: only those are sorted, by packed keys. Those that begin
  /// inside a number follow from the number behind it, in one pass.
  struct Block {
    std::vector<std::uint8_t> last;     ///< last characters of the sorted rotations, as symbols: blank 0, digits above
    std::vector<std::uint8_t> symbols;  ///< characters that come, ascending; their places are the symbols
  };

  /// About `size` characters; false behind the last block. `block.last` stays empty where this way of sorting does not
  /// work: a block of a few characters, or numbers that repeat so much that comparing them would take for ever.
  bool next(std::size_t size, Block& block);

 private:
  /// A number as it stands between two blanks of a block taken as a ring. Where the block's ends meet two numbers may
  /// have become one, which is why there can be 257 kinds.
  using Kind = std::string;

  std::span<const std::uint8_t> samples_;
  std::size_t sample_ = 0;  ///< where the next block begins: in this number,
  std::size_t offset_ = 0;  ///< at this character

  std::vector<std::uint16_t> ranks_{};  ///< the ring: each number's place in the order of kinds
  std::vector<Kind> kinds_{};           ///< ascending
  std::vector<std::uint64_t> keys_{};   ///< the ranks from a number on, packed
  std::vector<std::uint32_t> order_{};  ///< numbers, in the order of the rotations they begin
  std::vector<std::uint32_t> scratch_{};

  std::size_t cut(std::size_t size);
  void make_ring(std::size_t first_sample, std::size_t first_offset, std::size_t length);
  bool sort();
  void fill(Block& block) const;
};

}  // namespace lightseed::sp800_90b
