// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace lightseed::stats {

/// The statistical tests of FIPS 140-2 (4.9.1, withdrawn in 2002 but asked for to this day) on a block of 20,000 bits.
/// About 8 in 10,000 good blocks fail: one failure says nothing of a stream.
inline constexpr std::size_t fips_block_bits = 20'000;
inline constexpr std::size_t fips_block_bytes = fips_block_bits / 8;

/// For each length of runs, 1 … 5 and 6 or more, the fewest and the most that may come.
using RunBounds = std::array<std::array<std::uint32_t, 2>, 6>;

/// What the four tests need of a block, gathered in one pass.
struct FipsFacts {
  std::uint32_t ones = 0;
  std::array<std::uint32_t, 16> nibbles{};           ///< how often each value of four bits comes
  std::array<std::array<std::uint32_t, 6>, 2> runs;  ///< [bit][length-1]: runs of length 1 … 5, and 6 or more
  bool run_of_26 = false;                            ///< of either bit, or longer
  bool run_of_34 = false;

  /// The poker statistic X.
  [[nodiscard]] double poker() const noexcept;
  /// The runs of either bit are within these.
  [[nodiscard]] bool runs_within(const RunBounds& bounds) const noexcept;
};

/// `block`: fips_block_bytes bytes, the first bit of a byte its most significant.
FipsFacts fips_facts(std::span<const std::byte> block);

/// One of the four tests.
struct FipsTest {
  std::string_view id;
  /// Of blocks from a perfect source, the share that fails: monobit and long-run computed, poker by chi-square, runs
  /// counted on 20 million blocks of a good generator. Of those, 7.9 in 10,000 failed any of the tests.
  double rate = 0;
  bool (*passes)(const FipsFacts& facts) noexcept = nullptr;
};

/// monobit, poker, runs, long-run.
std::span<const FipsTest> fips140_tests() noexcept;

}  // namespace lightseed::stats
