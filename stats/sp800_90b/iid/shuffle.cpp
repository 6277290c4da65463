// SPDX-License-Identifier: Apache-2.0
#include "stats/sp800_90b/iid/shuffle.h"

#include <algorithm>
#include <array>
#include <bit>
#include <numeric>

namespace lightseed::sp800_90b {

Shuffle::Shuffle(const Histogram& counts) : counts_(counts), table_(1 << 16) {
  const auto total = std::accumulate(counts.begin(), counts.end(), std::uint64_t{0});
  std::uint64_t sum = 0;
  std::size_t filled = 0;
  for (std::size_t symbol = 0; symbol < counts.size(); ++symbol) {
    sum += counts[symbol];
    const auto end = static_cast<std::size_t>((sum * table_.size() + total / 2) / total);
    std::fill(table_.begin() + static_cast<std::ptrdiff_t>(filled), table_.begin() + static_cast<std::ptrdiff_t>(end),
              static_cast<std::uint8_t>(symbol));
    filled = end;
  }
}

void Shuffle::draw(Xoshiro& random, std::span<std::uint8_t> out) const {
  std::size_t i = 0;
  for (; i + 4 <= out.size(); i += 4) {
    const std::uint64_t word = random();
    out[i] = table_[word & 0xFFFF];
    out[i + 1] = table_[word >> 16 & 0xFFFF];
    out[i + 2] = table_[word >> 32 & 0xFFFF];
    out[i + 3] = table_[word >> 48];
  }
  for (; i < out.size(); ++i)
    out[i] = table_[random() >> 48];

  std::array<std::int64_t, 256> surplus{};
  std::vector<std::uint8_t> wanting;
  const Histogram drawn = histogram(out);
  for (std::size_t symbol = 0; symbol < drawn.size(); ++symbol) {
    surplus[symbol] = static_cast<std::int64_t>(drawn[symbol]) - static_cast<std::int64_t>(counts_[symbol]);
    for (std::int64_t k = surplus[symbol]; k < 0; ++k)
      wanting.push_back(static_cast<std::uint8_t>(symbol));
  }
  const auto replace = [&](std::uint8_t& symbol) {
    if (surplus[symbol] <= 0) return;
    --surplus[symbol];
    symbol = wanting.back();
    wanting.pop_back();
  };
  // Trying places at random finds the many; the last few of rare symbols are found by looking through all.
  for (std::size_t tries = out.size() / 8; tries > 0 && !wanting.empty(); --tries)
    replace(out[random.below(out.size())]);
  if (wanting.empty()) return;
  std::vector<std::uint32_t> places;
  for (std::size_t place = 0; place < out.size(); ++place) {
    if (surplus[out[place]] > 0) places.push_back(static_cast<std::uint32_t>(place));
  }
  while (!wanting.empty()) {
    const std::size_t pick = random.below(places.size());
    replace(out[places[pick]]);
    places[pick] = places.back();
    places.pop_back();
  }
}

BitShuffle::BitShuffle(std::uint64_t size, std::uint64_t ones)
    : size_(size), ones_(ones), share_(static_cast<std::uint32_t>((256 * ones + size / 2) / size)) {}

void BitShuffle::draw(Xoshiro& random, std::span<std::uint64_t> out) const {
  std::uint64_t drawn = 0;
  for (std::size_t i = 0; i < out.size(); ++i) {
    // Bits that are one with probability share/256: from the lowest digit up, or for a one, and for a zero.
    std::uint64_t word = share_ == 256 ? ~std::uint64_t{0} : 0;
    for (auto digit = static_cast<unsigned>(std::countr_zero(share_ | 256)); digit < 8; ++digit)
      word = (share_ >> digit & 1) != 0 ? word | random() : word & random();
    if (i + 1 == out.size() && size_ % 64 != 0) word &= (std::uint64_t{1} << (size_ % 64)) - 1;
    out[i] = word;
    drawn += static_cast<std::uint64_t>(std::popcount(word));
  }
  const bool surplus = drawn > ones_;  // of ones; else of zeros
  for (std::uint64_t left = surplus ? drawn - ones_ : ones_ - drawn; left > 0;) {
    const std::uint64_t place = random.below(size_);
    const std::uint64_t bit = std::uint64_t{1} << (place % 64);
    if (((out[place / 64] & bit) != 0) != surplus) continue;
    out[place / 64] ^= bit;
    --left;
  }
}

}  // namespace lightseed::sp800_90b
