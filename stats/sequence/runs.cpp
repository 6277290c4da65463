// SPDX-License-Identifier: Apache-2.0
#include "stats/sequence/runs.h"

#include <algorithm>
#include <bit>

#include "core/clones.h"
#include "stats/sequence/sequence.h"

namespace lightseed::stats {
namespace {

std::uint64_t low_bits(std::size_t count) {
  return count >= 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << count) - 1;
}

/// begun[k]: places where a run of `bit` begins that has k + 1 bits or more.
LIGHTSEED_WIDE void count_begun(const BitString& bits, bool bit, unsigned longest, std::uint64_t* begun) {
  const std::size_t n = bits.size();
  // A window of 64 sees its first `step` places and what follows them, as far as it matters.
  const std::size_t step = 64 - longest;
  const unsigned together = std::min(longest, 8U);
  std::uint64_t before = 0;
  for (std::size_t i = 0; i < n; i += step) {
    const std::uint64_t window = bits.window(i);
    const std::uint64_t same = (bit ? window : ~window) & low_bits(n - i);
    std::uint64_t start = same & ~(same << 1 | before) & low_bits(step);
    for (unsigned k = 0; k < together; ++k) {
      start &= same >> k;
      begun[k] += static_cast<std::uint64_t>(__builtin_popcountll(start));
    }
    // Few windows have a run that is longer.
    for (unsigned k = together; k < longest && start != 0; ++k) {
      start &= same >> k;
      begun[k] += static_cast<std::uint64_t>(__builtin_popcountll(start));
    }
    before = same >> (step - 1) & 1;
  }
}

}  // namespace

std::array<std::vector<std::uint64_t>, 2> run_counts(const BitString& bits, unsigned longest) {
  std::array<std::vector<std::uint64_t>, 2> runs;
  for (const std::size_t bit : {0U, 1U}) {
    std::vector<std::uint64_t>& counts = runs[bit];
    counts.resize(longest);
    count_begun(bits, bit == 1, longest, counts.data());
    // What begins with k bits less what goes on to k + 1.
    for (std::size_t k = 0; k + 1 < counts.size(); ++k)
      counts[k] -= counts[k + 1];
  }
  return runs;
}

LongestRunClasses longest_run_classes(std::uint64_t bits) {
  if (bits >= 750'000) return {.block = 10'000, .first = 10, .classes = 7};
  if (bits >= 6'272) return {.block = 128, .first = 4, .classes = 6};
  return {.block = 8, .first = 1, .classes = 4};
}

std::vector<std::uint64_t> longest_run_counts(const BitString& bits, const LongestRunClasses& classes, bool value) {
  std::vector<std::uint64_t> seen(classes.classes);
  for (const unsigned length : longest_runs(bits, classes.block, value, classes.first + classes.classes - 1))
    ++seen[std::max(length, classes.first) - classes.first];
  return seen;
}

LIGHTSEED_WIDE std::uint64_t derived_ones(const BitString& bits, unsigned times) {
  // (1 + x)^times modulo 2 is the product of 1 + x^(2^i) over the ones in `times`.
  const std::size_t n = bits.size() - std::min<std::size_t>(times, bits.size());
  const std::size_t step = 64 - times;
  std::uint64_t count = 0;
  for (std::size_t i = 0; i < n; i += step) {
    std::uint64_t window = bits.window(i);
    for (unsigned shift = 1; shift <= times; shift *= 2) {
      if ((times & shift) != 0) window ^= window >> shift;
    }
    count += static_cast<std::uint64_t>(__builtin_popcountll(window & low_bits(std::min(step, n - i))));
  }
  return count;
}

}  // namespace lightseed::stats
