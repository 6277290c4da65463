// SPDX-License-Identifier: Apache-2.0
#include "stats/fips140/fips140.h"

#include <bit>
#include <cstring>

namespace lightseed::stats {
namespace {

constexpr std::size_t words = (fips_block_bits + 63) / 64;  // 312.5
constexpr RunBounds run_bounds{{{2315, 2685}, {1114, 1386}, {527, 723}, {240, 384}, {103, 209}, {103, 209}}};

/// The block as words whose first bit is the highest, a word of nothing behind.
struct Block {
  std::array<std::uint64_t, words + 1> word{};

  explicit Block(std::span<const std::byte> bytes) {
    std::array<std::uint64_t, words> raw{};
    std::memcpy(raw.data(), bytes.data(), fips_block_bytes);
    for (std::size_t i = 0; i < words; ++i)
      word[i] = __builtin_bswap64(raw[i]);
  }
  /// Bits beyond the block's end, which are no bits.
  static constexpr std::uint64_t in_block(std::size_t i) {
    return i + 1 < words ? ~std::uint64_t{0} : ~std::uint64_t{0} << (64 * words - fips_block_bits);
  }
};

std::uint32_t count(std::uint64_t word) {
  return static_cast<std::uint32_t>(std::popcount(word));
}

void count_nibbles(std::span<const std::byte> bytes, FipsFacts& facts) {
  // Whole bytes into four tables, folded into nibbles at the end.
  std::array<std::array<std::uint16_t, 256>, 4> counts{};
  for (std::size_t i = 0; i + 4 <= fips_block_bytes; i += 4) {
    for (std::size_t k = 0; k < 4; ++k)
      ++counts[k][std::to_integer<std::size_t>(bytes[i + k])];
  }
  static_assert(fips_block_bytes % 4 == 0);
  for (std::size_t value = 0; value < 256; ++value) {
    const std::uint32_t times =
        std::uint32_t{counts[0][value]} + counts[1][value] + counts[2][value] + counts[3][value];
    facts.nibbles[value >> 4] += times;
    facts.nibbles[value & 15] += times;
  }
}

/// How many runs of `bit` have each length. starts[k]: places where a run of that bit begins and goes on for k more at
/// least; the difference of neighbours is the number that end there.
void count_runs(const Block& block, bool bit, FipsFacts& facts) {
  std::array<std::uint32_t, 6>& runs = facts.runs[bit ? 1 : 0];
  std::array<std::uint32_t, 7> begun{};
  std::array<std::uint64_t, words + 1> same{};
  for (std::size_t i = 0; i < words; ++i)
    same[i] = (bit ? block.word[i] : ~block.word[i]) & Block::in_block(i);
  std::uint64_t before = 0;
  std::uint64_t any26 = 0;
  std::uint64_t any34 = 0;
  for (std::size_t i = 0; i < words; ++i) {
    const std::uint64_t now = same[i];
    const std::uint64_t next = same[i + 1];
    const auto ahead = [&](unsigned k) { return now << k | next >> (64 - k); };
    std::uint64_t start = now & ~(now >> 1 | before << 63);
    begun[0] += count(start);
    for (unsigned k = 1; k < 6; ++k) {
      start &= ahead(k);
      begun[k] += count(start);
    }
    before = now;
    // Places from which 2, 4, 8, 16, 26, 34 of the bit follow. Of the next word only the first 33 places matter, and
    // what those look at lies in it.
    std::uint64_t here = now;
    std::uint64_t there = next;
    const auto lengthen = [&](unsigned k) {
      here &= here << k | there >> (64 - k);
      there &= there << k;
    };
    for (const unsigned k : {1U, 2U, 4U, 8U, 10U})
      lengthen(k);
    any26 |= here;
    lengthen(8);
    any34 |= here;
  }
  for (std::size_t k = 0; k < 5; ++k)
    runs[k] = begun[k] - begun[k + 1];
  runs[5] = begun[5];
  facts.run_of_26 = facts.run_of_26 || any26 != 0;
  facts.run_of_34 = facts.run_of_34 || any34 != 0;
}

bool monobit(const FipsFacts& facts) noexcept {
  return facts.ones > 9725 && facts.ones < 10'275;
}

bool poker(const FipsFacts& facts) noexcept {
  const double x = facts.poker();
  return x > 2.16 && x < 46.17;
}

bool runs(const FipsFacts& facts) noexcept {
  return facts.runs_within(run_bounds);
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
  const Block block(bytes);
  for (std::size_t i = 0; i < words; ++i)
    facts.ones += count(block.word[i] & Block::in_block(i));
  count_nibbles(bytes, facts);
  count_runs(block, false, facts);
  count_runs(block, true, facts);
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
