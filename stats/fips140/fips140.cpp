// SPDX-License-Identifier: Apache-2.0
#include "stats/fips140/fips140.h"

#include <algorithm>
#include <bit>
#include <cstring>

#include "core/clones.h"

namespace lightseed::stats {
namespace {

constexpr std::size_t words = (fips_block_bits + 63) / 64;  // 312.5
constexpr RunBounds fips140_run_bounds{{{2315, 2685}, {1114, 1386}, {527, 723}, {240, 384}, {103, 209}, {103, 209}}};

/// The block as words whose first bit is the highest. A run is looked for on the bits that say "the next bit is the
/// same", for both values at once: that halves the work.
struct Block {
  std::array<std::uint64_t, (words + 3) / 4 * 4> bits;  ///< zero behind the end
  std::array<std::uint64_t, words + 1> same;            ///< [i] bit p: bit p of the block and the one behind it agree
};

/// Bits beyond the block's end are no bits.
constexpr std::uint64_t last_bits = ~std::uint64_t{0} << (64 * words - fips_block_bits);

LIGHTSEED_INLINE std::uint32_t count(std::uint64_t word) {
  return static_cast<std::uint32_t>(std::popcount(word));
}

LIGHTSEED_INLINE void read_block(const std::byte* bytes, Block& block) {
  std::fill(block.bits.begin() + words - 1, block.bits.end(), 0);
  std::memcpy(block.bits.data(), bytes, fips_block_bytes);
  for (std::uint64_t& word : block.bits)
    word = __builtin_bswap64(word);
  for (std::size_t i = 0; i + 1 < words; ++i)
    block.same[i] = ~(block.bits[i] ^ (block.bits[i] << 1 | block.bits[i + 1] >> 63));
  const std::uint64_t last = block.bits[words - 1];
  block.same[words - 1] = ~(last ^ last << 1) & last_bits << 1;
  block.same[words] = 0;
}

/// The bits of the second that `mask` selects change places with those of the first that stand `by` places above.
LIGHTSEED_INLINE void exchange(std::uint64_t& first, std::uint64_t& second, unsigned by, std::uint64_t mask) {
  const std::uint64_t differing = (first >> by ^ second) & mask;
  first ^= differing << by;
  second ^= differing;
}

/// Four words hold 64 nibbles. First each word comes to hold one bit of all of them, then the nibbles of each value are
/// counted at once.
LIGHTSEED_INLINE void count_nibbles(const Block& block, FipsFacts& facts) {
  constexpr std::uint64_t odd = 0x5555555555555555;
  constexpr std::uint64_t low_pairs = 0x3333333333333333;
  std::array<std::uint32_t, 16> counts{};
  for (std::size_t i = 0; i < block.bits.size(); i += 4) {
    std::uint64_t eights = block.bits[i];
    std::uint64_t fours = block.bits[i + 1];
    std::uint64_t twos = block.bits[i + 2];
    std::uint64_t ones = block.bits[i + 3];
    exchange(twos, eights, 2, low_pairs);
    exchange(ones, fours, 2, low_pairs);
    exchange(fours, eights, 1, odd);
    exchange(ones, twos, 1, odd);
    const std::array high{~eights & ~fours, ~eights & fours, eights & ~fours, eights & fours};
    const std::array low{~twos & ~ones, ~twos & ones, twos & ~ones, twos & ones};
    for (std::size_t value = 0; value < counts.size(); ++value)
      counts[value] += count(high[value / 4] & low[value % 4]);
  }
  // Bits behind the block's end made nibbles of zeros.
  counts[0] -= static_cast<std::uint32_t>(16 * block.bits.size() - fips_block_bits / 4);
  facts.nibbles = counts;
}

/// Notes runs of 26 and of 34 that begin in word i. A run of 26 is 25 neighbours that agree.
void note_long_runs(const Block& block, std::size_t i, FipsFacts& facts) {
  // Places from which 2, 4, 8, 16, 25, 33 agree. Of the next word only the first places matter, and what those look at
  // lies in it.
  std::uint64_t here = block.same[i];
  std::uint64_t there = block.same[i + 1];
  const auto lengthen = [&](unsigned k) {
    here &= here << k | there >> (64 - k);
    there &= there << k;
  };
  for (const unsigned k : {1U, 2U, 4U, 8U, 9U})
    lengthen(k);
  facts.run_of_26 = facts.run_of_26 || here != 0;
  lengthen(8);
  facts.run_of_34 = facts.run_of_34 || here != 0;
}

/// 25 bits in a row hold a whole byte: where no byte is all ones there is no long run.
LIGHTSEED_INLINE bool has_full_byte(std::uint64_t word) {
  constexpr std::uint64_t low = 0x0101010101010101;
  return ((~word - low) & word & low << 7) != 0;
}

/// How many runs of each bit have each length, and how many bits are ones. begun[b][k]: places where a run of b begins
/// and goes on for k more at least; the difference of neighbours is the number that end there.
LIGHTSEED_INLINE void count_runs(const Block& block, FipsFacts& facts) {
  std::array<std::uint32_t, 6> of_both{};
  std::array<std::uint32_t, 6> of_ones{};
  std::uint32_t ones = 0;
  std::uint64_t before = 0;
  for (std::size_t i = 0; i < words; ++i) {
    const std::uint64_t bits = block.bits[i];
    const std::uint64_t now = block.same[i];
    const std::uint64_t next = block.same[i + 1];
    ones += count(bits);
    std::uint64_t start = ~(now >> 1 | before << 63);
    if (i + 1 == words) start &= last_bits;
    of_both[0] += count(start);
    of_ones[0] += count(start & bits);
    start &= now;
    of_both[1] += count(start);
    of_ones[1] += count(start & bits);
    for (unsigned k = 2; k < 6; ++k) {
      start &= now << (k - 1) | next >> (65 - k);
      of_both[k] += count(start);
      of_ones[k] += count(start & bits);
    }
    if (has_full_byte(now)) {
      if (i > 0) note_long_runs(block, i - 1, facts);
      note_long_runs(block, i, facts);
    }
    before = now;
  }
  facts.ones = ones;
  for (std::size_t k = 0; k < 6; ++k) {
    const bool last = k == 5;
    facts.runs[1][k] = of_ones[k] - (last ? 0 : of_ones[k + 1]);
    facts.runs[0][k] = of_both[k] - of_ones[k] - (last ? 0 : of_both[k + 1] - of_ones[k + 1]);
  }
}

LIGHTSEED_WIDE void count_all(const std::byte* bytes, FipsFacts& facts) {
  Block block;
  read_block(bytes, block);
  count_nibbles(block, facts);
  count_runs(block, facts);
}

bool monobit(const FipsFacts& facts) noexcept {
  return facts.ones > 9725 && facts.ones < 10'275;
}

bool poker(const FipsFacts& facts) noexcept {
  const double x = facts.poker();
  return x > 2.16 && x < 46.17;
}

bool runs(const FipsFacts& facts) noexcept {
  return facts.runs_within(fips140_run_bounds);
}

bool long_run(const FipsFacts& facts) noexcept {
  return !facts.run_of_26;
}

}  // namespace

double FipsFacts::poker() const noexcept {
  std::uint64_t squares = 0;
  for (const std::uint64_t times : nibbles)
    squares += times * times;
  return 16.0 / 5000.0 * static_cast<double>(squares) - 5000.0;
}

bool FipsFacts::runs_within(const RunBounds& bounds) const noexcept {
  for (const auto& of_bit : runs) {
    for (std::size_t k = 0; k < bounds.size(); ++k) {
      if (of_bit[k] < bounds[k][0] || of_bit[k] > bounds[k][1]) return false;
    }
  }
  return true;
}

FipsFacts fips_facts(std::span<const std::byte> bytes) {
  FipsFacts facts{};
  count_all(bytes.data(), facts);
  return facts;
}

std::span<const FipsTest> fips140_tests() noexcept {
  static constexpr FipsTest tests[] = {{"monobit", 1.0350e-4, monobit},
                                       {"poker", 9.92e-5, poker},
                                       {"runs", 2.985e-4, runs},
                                       {"long-run", 2.9762e-4, long_run}};
  return tests;
}

}  // namespace lightseed::stats
