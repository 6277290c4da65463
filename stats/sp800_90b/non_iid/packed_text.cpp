// SPDX-License-Identifier: Apache-2.0
#include "stats/sp800_90b/non_iid/packed_text.h"

namespace lightseed::sp800_90b {
namespace {

/// The bits of a word in the opposite order: neighbours first, then pairs, nibbles, …
constexpr std::uint64_t reversed(std::uint64_t x) noexcept {
  constexpr std::uint64_t masks[]{0x5555555555555555, 0x3333333333333333, 0x0F0F0F0F0F0F0F0F,
                                  0x00FF00FF00FF00FF, 0x0000FFFF0000FFFF, 0x00000000FFFFFFFF};
  unsigned shift = 1;
  for (const std::uint64_t mask : masks) {
    x = (x >> shift & mask) | (x & mask) << shift;
    shift *= 2;
  }
  return x;
}

}  // namespace

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
    words_[i] = reversed(words[i]);
}

}  // namespace lightseed::sp800_90b
