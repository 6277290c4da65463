// SPDX-License-Identifier: Apache-2.0
#include "stats/input/bit_string.h"

#include <bit>
#include <cstring>

#include "core/bit_order.h"

namespace lightseed::stats {
namespace {

/// Whole bytes, eight at a time: what sequences of audits are made of.
void read_bytes(std::span<const std::uint8_t> bytes, std::vector<std::uint64_t>& words) {
  static_assert(std::endian::native == std::endian::little);
  if (!bytes.empty()) std::memcpy(words.data(), bytes.data(), bytes.size());
  for (std::uint64_t& word : words)
    word = reversed_in_bytes(word);
}

}  // namespace

BitString::BitString(std::span<const std::uint8_t> symbols, unsigned width)
    : size_(symbols.size() * width), words_(size_ / 64 + 2) {
  if (width == 8) {
    read_bytes(symbols, words_);
    return;
  }
  std::uint64_t table[256];
  for (unsigned value = 0; value < 256; ++value)
    table[value] = reversed_bits(value) >> (64 - width);
  std::uint64_t* out = words_.data();
  std::uint64_t word = 0;
  unsigned filled = 0;
  for (const std::uint8_t symbol : symbols) {
    const std::uint64_t bits = table[symbol];
    word |= bits << filled;
    filled += width;
    if (filled >= 64) {
      *out++ = word;
      filled -= 64;
      word = filled == 0 ? 0 : bits >> (width - filled);
    }
  }
  *out = word;
}

BitString BitString::first(std::size_t count) const {
  BitString result;
  result.size_ = count;
  result.words_.assign(words_.begin(), words_.begin() + static_cast<std::ptrdiff_t>(count / 64 + 1));
  result.words_.back() &= (std::uint64_t{1} << (count % 64)) - 1;
  result.words_.push_back(0);
  return result;
}

std::uint64_t BitString::ones() const noexcept {
  std::uint64_t count = 0;
  for (const std::uint64_t word : words_)
    count += static_cast<std::uint64_t>(std::popcount(word));
  return count;
}

}  // namespace lightseed::stats
