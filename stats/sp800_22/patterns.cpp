// SPDX-License-Identifier: Apache-2.0
// Tests that count patterns: 2.7, 2.8, 2.9, 2.11, 2.12.
#include <array>
#include <bit>
#include <cmath>

#include "stats/sequence/classes.h"
#include "stats/sequence/patterns.h"
#include "stats/sp800_22/sp800_22.h"
#include "stats/special/gamma.h"

namespace lightseed::stats::sp800_22 {
namespace {

constexpr unsigned template_bits = 9;

/// Templates that cannot overlap themselves, in ascending order read from their first bit, as windows: first bit
/// lowest.
const std::vector<unsigned>& aperiodic_templates() {
  static const std::vector<unsigned> all = [] {
    std::vector<unsigned> list;
    for (unsigned t = 0; t < 1U << template_bits; ++t) {
      unsigned window = 0;
      for (unsigned i = 0; i < template_bits; ++i)
        window |= (t >> i & 1) << (template_bits - 1 - i);
      bool aperiodic = true;
      for (unsigned shift = 1; shift < template_bits; ++shift)
        aperiodic = aperiodic && (window >> shift) != (window & ((1U << (template_bits - shift)) - 1));
      if (aperiodic) list.push_back(window);
    }
    return list;
  }();
  return all;
}

/// How often nine ones in a row stand in each block, overlaps counted.
std::array<std::uint64_t, 6> blocks_with_nine_ones(const BitString& bits, std::size_t block, std::size_t blocks) {
  std::array<std::uint64_t, 6> counts{};
  for (std::size_t b = 0; b < blocks; ++b) {
    std::uint64_t times = 0;
    const std::size_t places = block - template_bits + 1;
    for (std::size_t i = 0; i < places; i += 56) {
      // 56 places of a window of 64 have nine bits behind them.
      const std::uint64_t window = bits.window(b * block + i);
      std::uint64_t run = window & window >> 1;
      run &= run >> 2;
      run &= run >> 4;
      run &= window >> 8;
      const std::size_t here = std::min<std::size_t>(56, places - i);
      times += static_cast<std::uint64_t>(std::popcount(run & ((std::uint64_t{1} << here) - 1)));
    }
    ++counts[std::min<std::uint64_t>(times, 5)];
  }
  return counts;
}

}  // namespace

TestResult non_overlapping_template(const Facts& facts) {
  constexpr std::size_t blocks = 8;
  const std::size_t length = facts.sequence.size() / blocks;
  const double places = static_cast<double>(length - template_bits + 1);
  const double rare = std::exp2(-static_cast<int>(template_bits));
  const double expected = places * rare;
  const double variance = static_cast<double>(length) * (rare - (2.0 * template_bits - 1) * rare * rare);
  const auto& templates = aperiodic_templates();
  std::vector<double> chi(templates.size());
  for (std::size_t b = 0; b < blocks; ++b) {
    const auto counts = count_windows(facts.sequence.bits(), b * length, length, template_bits);
    for (std::size_t t = 0; t < templates.size(); ++t) {
      const double excess = counts[templates[t]] - expected;
      chi[t] += excess * excess / variance;
    }
  }
  TestResult result;
  for (const double statistic : chi)
    result.p.emplace_back(chi_square_tail(statistic, blocks));
  return result;
}

TestResult overlapping_template(const Facts& facts) {
  constexpr std::size_t block = 1032;
  const std::size_t blocks = facts.sequence.size() / block;
  const auto counts = blocks_with_nine_ones(facts.sequence.bits(), block, blocks);
  return {.p = {classes_p(counts, facts.profile.overlapping)}};
}

TestResult universal(const Facts& facts) {
  const auto statistic = universal_statistic(facts.sequence.bits());
  return {.p = {statistic ? std::optional(two_sided_normal(*statistic)) : std::nullopt}};
}

TestResult approximate_entropy(const Facts& facts) {
  return {.p = {approximate_entropy_p(facts.sequence, 10)}};
}

TestResult serial(const Facts& facts) {
  const auto [first, second] = serial_p(facts.sequence, 16);
  return {.p = {first, second}};
}

}  // namespace lightseed::stats::sp800_22
