// SPDX-License-Identifier: Apache-2.0
#include "stats/sp800_90b/non_iid/packed_text.h"

#include "core/bit_order.h"

namespace lightseed::sp800_90b {

PackedText::PackedText(std::span<const std::uint8_t> symbols, unsigned alphabet)
    : width_(alphabet <= 2    ? 1
             : alphabet <= 4  ? 2
             : alphabet <= 16 ? 4
                              : 8),
      size_(symbols.size()),
      words_(size_ / (64 / width_) + 2) {
  const unsigned per_word = 64 / width_;
  for (std::size_t i = 0; i < size_; ++i)
    words_[i / per_word] |= std::uint64_t{symbols[i]} << (64 - width_ * (i % per_word + 1));
}

PackedText::PackedText(const BitString& bits) : size_(bits.size()), words_(size_ / 64 + 2) {
  const auto words = bits.words();
  for (std::size_t i = 0; i < words.size(); ++i)
    words_[i] = reversed_bits(words[i]);
}

}  // namespace lightseed::sp800_90b
