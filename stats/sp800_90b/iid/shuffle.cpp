// SPDX-License-Identifier: Apache-2.0
#include "stats/sp800_90b/iid/shuffle.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <numeric>

#include "core/clones.h"

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
  Xoshiro own = random;  // bytes might be those of `random`, for all the compiler knows
  const std::uint8_t* const table = table_.data();
  // Counted as they are drawn, in four tables so that a symbol that comes often does not wait for its own counter.
  std::array<std::array<std::uint32_t, 256>, 4> drawn{};
  std::size_t i = 0;
  for (; i + 4 <= out.size(); i += 4) {
    std::uint64_t word = own();
    std::array<std::uint8_t, 4> symbols;
#pragma GCC unroll 4
    for (std::size_t k = 0; k < 4; ++k, word >>= 16) {
      symbols[k] = table[word & 0xFFFF];
      ++drawn[k][symbols[k]];
    }
    std::memcpy(&out[i], symbols.data(), symbols.size());
  }
  for (; i < out.size(); ++i) {
    out[i] = table[own() >> 48];
    ++drawn[0][out[i]];
  }
  Surplus surplus;
  for (std::size_t symbol = 0; symbol < surplus.size(); ++symbol) {
    surplus[symbol] = -static_cast<std::int64_t>(counts_[symbol]);
    for (const auto& part : drawn)
      surplus[symbol] += part[symbol];
  }
  replace(surplus, own, out);
  random = own;
}

void Shuffle::replace(Surplus& surplus, Xoshiro& random, std::span<std::uint8_t> out) {
  std::vector<std::uint8_t> wanting;
  for (std::size_t symbol = 0; symbol < surplus.size(); ++symbol) {
    if (surplus[symbol] < 0)
      wanting.insert(wanting.end(), static_cast<std::size_t>(-surplus[symbol]), static_cast<std::uint8_t>(symbol));
  }
  std::size_t left = wanting.size();
  Xoshiro own = random;
  const auto replace_at = [&](std::size_t place) {
    std::uint8_t& symbol = out[place];
    if (surplus[symbol] <= 0) return;
    --surplus[symbol];
    symbol = wanting[--left];
  };
  // Trying places at random finds the many; the last few of rare symbols are found by looking through all. Whether a
  // place is taken nobody can guess at first: then its symbol is fetched well before, so that little is done in vain.
  constexpr std::size_t ahead = 16;
  std::array<std::uint32_t, ahead> places;
  std::size_t tries = out.size() / 8;
  while (tries >= ahead && left >= std::max(ahead, wanting.size() / 8)) {
    for (std::uint32_t& place : places) {
      place = static_cast<std::uint32_t>(own.below(out.size()));
      __builtin_prefetch(&out[place], 1);
    }
    for (const std::uint32_t place : places)
      replace_at(place);
    tries -= ahead;
  }
  for (; tries > 0 && left > 0; --tries)
    replace_at(own.below(out.size()));
  if (left > 0) {
    std::vector<std::uint32_t> rest;
    for (std::size_t place = 0; place < out.size(); ++place) {
      if (surplus[out[place]] > 0) rest.push_back(static_cast<std::uint32_t>(place));
    }
    while (left > 0) {
      const std::size_t pick = own.below(rest.size());
      replace_at(rest[pick]);
      rest[pick] = rest.back();
      rest.pop_back();
    }
  }
  random = own;
}

BitShuffle::BitShuffle(std::uint64_t size, std::uint64_t ones)
    : size_(size), ones_(ones), share_(static_cast<std::uint32_t>((256 * ones + size / 2) / size)) {}

namespace {

/// `size` bits that are one with probability share/256; how many are.
LIGHTSEED_WIDE std::uint64_t draw_bits(Xoshiro& random, std::uint32_t share, std::uint64_t size,
                                       std::span<std::uint64_t> out) {
  std::uint64_t drawn = 0;
  for (std::size_t i = 0; i < out.size(); ++i) {
    // From the share's lowest digit up: or for a one, and for a zero.
    std::uint64_t word = share == 256 ? ~std::uint64_t{0} : 0;
    for (auto digit = static_cast<unsigned>(std::countr_zero(share | 256)); digit < 8; ++digit)
      word = (share >> digit & 1) != 0 ? word | random() : word & random();
    if (i + 1 == out.size() && size % 64 != 0) word &= (std::uint64_t{1} << (size % 64)) - 1;
    out[i] = word;
    drawn += static_cast<std::uint64_t>(std::popcount(word));
  }
  return drawn;
}

}  // namespace

void BitShuffle::draw(Xoshiro& random, std::span<std::uint64_t> out) const {
  Xoshiro own = random;  // words might be those of `random`, for all the compiler knows
  const std::uint64_t drawn = draw_bits(own, share_, size_, out);
  const bool surplus = drawn > ones_;  // of ones; else of zeros
  for (std::uint64_t left = surplus ? drawn - ones_ : ones_ - drawn; left > 0;) {
    const std::uint64_t place = own.below(size_);
    const std::uint64_t bit = std::uint64_t{1} << (place % 64);
    if (((out[place / 64] & bit) != 0) != surplus) continue;
    out[place / 64] ^= bit;
    --left;
  }
  random = own;
}

}  // namespace lightseed::sp800_90b
