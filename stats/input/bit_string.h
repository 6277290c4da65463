// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace lightseed::stats {

/// A string of bits for the estimators: bit i is bit i%64 of word i/64, one spare word behind the last.
class BitString {
 public:
  BitString() : words_(2) {}

  /// The `width` low bits of each symbol, most significant first (6.3: "the bit string").
  BitString(std::span<const std::uint8_t> symbols, unsigned width);

  /// The first `count` bits, count <= size().
  [[nodiscard]] BitString first(std::size_t count) const;

  [[nodiscard]] std::size_t size() const noexcept { return size_; }
  [[nodiscard]] bool operator[](std::size_t i) const noexcept { return (words_[i / 64] >> (i % 64) & 1) != 0; }

  /// Word i/64, the first bit lowest; words().size() is the number of words that hold bits, the spare left out.
  [[nodiscard]] std::span<const std::uint64_t> words() const noexcept {
    return std::span(words_).first((size_ + 63) / 64);
  }

  /// Bits i … i+63, bit i lowest; zero behind the end. i <= size().
  [[nodiscard]] std::uint64_t window(std::size_t i) const noexcept {
    const std::uint64_t* word = words_.data() + i / 64;
    return word[0] >> (i % 64) | word[1] << 1 << (63 - i % 64);
  }

  /// How many bits are one.
  [[nodiscard]] std::uint64_t ones() const noexcept;

 private:
  std::size_t size_ = 0;
  std::vector<std::uint64_t> words_;
};

}  // namespace lightseed::stats
