// SPDX-License-Identifier: Apache-2.0
#include "stats/whole_file/lags.h"

#include <vector>

#include "core/clones.h"

namespace lightseed::stats {
namespace {

constexpr std::size_t far_words = lags / 64;

LIGHTSEED_WIDE std::uint64_t differing_bits(const std::uint64_t* a, const std::uint64_t* b, std::size_t words) {
  std::uint64_t count = 0;
  for (std::size_t i = 0; i < words; ++i)
    count += static_cast<std::uint64_t>(__builtin_popcountll(a[i] ^ b[i]));
  return count;
}

}  // namespace

void count_lags(const BitString& bits, LagCounts& counts) {
  const std::size_t whole = bits.size() / 64;
  if (whole <= far_words + 1) return;
  const std::size_t words = whole - far_words - 1;
  const std::uint64_t* const here = bits.words().data();
  std::vector<std::uint64_t> shifted(whole - 1);
  for (std::size_t shift = 0; shift < 64; ++shift) {
    for (std::size_t i = 0; i < shifted.size(); ++i)
      shifted[i] = bits.window(64 * i + shift);
    for (std::size_t far = shift == 0 ? 1 : 0; 64 * far + shift <= lags; ++far)
      counts.differing[64 * far + shift - 1] += differing_bits(here, shifted.data() + far, words);
  }
  counts.pairs += 64 * words;
}

}  // namespace lightseed::stats
