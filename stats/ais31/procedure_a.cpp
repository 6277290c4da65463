// SPDX-License-Identifier: Apache-2.0
#include "stats/ais31/procedure_a.h"

#include <algorithm>
#include <array>
#include <vector>

#include "stats/sequence/sequence.h"

namespace lightseed::stats::ais31 {
namespace {

constexpr RunBounds run_bounds{{{2267, 2733}, {1079, 1421}, {502, 748}, {223, 402}, {90, 223}, {90, 223}}};
constexpr std::uint32_t half = 5'000;

/// How many of 5000 bits from `first` on differ from those `distance` behind them.
std::uint32_t differing(const BitString& bits, std::size_t first, std::size_t distance) {
  return static_cast<std::uint32_t>(differences_in(bits, first, half, distance));
}

Autocorrelation worst_distance(const BitString& bits) {
  Autocorrelation worst;
  std::uint32_t most = 0;
  for (std::size_t distance = 1; distance <= half; ++distance) {
    const std::uint32_t count = differing(bits, 0, distance);
    const std::uint32_t off = count > half / 2 ? count - half / 2 : half / 2 - count;
    if (distance > 1 && off <= most) continue;
    most = off;
    worst = {.distance = distance, .in_first_half = count};
  }
  worst.differing = differing(bits, std::size_t{2} * half, worst.distance);
  return worst;
}

}  // namespace

std::size_t different_words(std::span<const std::byte> bytes) {
  std::vector<std::uint64_t> words(t0_words);
  for (std::size_t i = 0; i < t0_words; ++i) {
    for (std::size_t k = 0; k < 6; ++k)
      words[i] = words[i] << 8 | std::to_integer<std::uint64_t>(bytes[6 * i + k]);
  }
  std::sort(words.begin(), words.end());
  return static_cast<std::size_t>(std::unique(words.begin(), words.end()) - words.begin());
}

bool monobit(const FipsFacts& facts) noexcept {
  return facts.ones > 9654 && facts.ones < 10'346;
}

bool poker(const FipsFacts& facts) noexcept {
  return facts.poker() > 1.03 && facts.poker() < 57.4;
}

bool runs(const FipsFacts& facts) noexcept {
  return facts.runs_within(run_bounds);
}

bool long_run(const FipsFacts& facts) noexcept {
  return !facts.run_of_34;
}

Autocorrelation autocorrelation(std::span<const std::byte> block) {
  return worst_distance(packed_bits(block.first(fips_block_bytes), fips_block_bits));
}

}  // namespace lightseed::stats::ais31
