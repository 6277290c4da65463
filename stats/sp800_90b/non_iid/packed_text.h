// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "core/large_vector.h"
#include "stats/input/bit_string.h"

namespace lightseed::sp800_90b {

using namespace stats;  // what all batteries share: input, bit strings, histograms

/// Symbols packed so that comparing two 64-bit keys compares 64/width symbols in their order.
class PackedText {
 public:
  /// Symbols below `alphabet`, packed into 1, 2, 4 or 8 bits each.
  PackedText(std::span<const std::uint8_t> symbols, unsigned alphabet);
  explicit PackedText(const BitString& bits);

  [[nodiscard]] std::size_t size() const noexcept { return size_; }        ///< symbols
  [[nodiscard]] unsigned width() const noexcept { return width_; }         ///< bits a symbol
  [[nodiscard]] unsigned per_key() const noexcept { return 64 / width_; }  ///< symbols a key

  /// The symbols from i on, the first in the highest bits, zeros behind the end.
  [[nodiscard]] std::uint64_t key(std::size_t i) const noexcept {
    if (i >= size_) return 0;
    const std::size_t bit = i * width_;
    const std::uint64_t* word = words_.data() + bit / 64;
    return word[0] << (bit % 64) | word[1] >> 1 >> (63 - bit % 64);
  }

 private:
  unsigned width_ = 1;
  std::size_t size_ = 0;
  LargeVector<std::uint64_t> words_;
};

}  // namespace lightseed::sp800_90b
