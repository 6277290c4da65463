// SPDX-License-Identifier: Apache-2.0
#include "stats/sequence/sequence.h"

#include <algorithm>
#include <utility>

#include "core/byte_views.h"
#include "core/clones.h"

namespace lightseed::stats {
namespace {

/// 64 bits from `i` on, the sequence closed to a ring of 64 bits or more.
std::uint64_t on_ring(const BitString& bits, std::size_t i) {
  const std::size_t left = bits.size() - i;
  return left >= 64 ? bits.window(i) : bits.window(i) | bits.window(0) << left;
}

/// Counts windows of `length` + 1 bits at every second place and folds them into those of `length` bits at every
/// place: half as many counts, which are what takes the time.
std::vector<std::uint32_t> count_patterns(const BitString& bits, unsigned length) {
  const std::size_t n = bits.size();
  const std::uint64_t mask = (std::uint64_t{2} << length) - 1;
  std::vector<std::uint32_t> pairs(std::size_t{2} << length);
  // A window of 64 bits holds the places 0, 2 … of it that have length + 1 bits.
  const std::size_t step = (64 - length) / 2 * 2;
  std::size_t i = 0;
  for (; i + 64 <= n; i += step) {
    const std::uint64_t window = bits.window(i);
    for (std::size_t k = 0; k < step; k += 2)
      ++pairs[window >> k & mask];
  }
  for (; i + 2 <= n; i += 2)
    ++pairs[on_ring(bits, i) & mask];
  std::vector<std::uint32_t> counts(std::size_t{1} << length);
  const std::size_t half = counts.size();
  for (std::size_t v = 0; v < half; ++v)
    counts[v] = pairs[v] + pairs[v | half] + pairs[2 * v] + pairs[2 * v + 1];
  if (i < n) ++counts[on_ring(bits, i) & (half - 1)];
  return counts;
}

}  // namespace

Sequence::Sequence(BitString bits, unsigned longest_pattern)
    : bits_(std::move(bits)), longest_pattern_(longest_pattern), patterns_(longest_pattern + 1) {}

BitString packed_bits(std::span<const std::byte> bytes, std::size_t bits) {
  BitString all(std::span(octets(bytes.data()), bytes.size()), 8);
  return bits == all.size() ? all : all.first(bits);
}

LIGHTSEED_WIDE std::uint64_t ones_in(const BitString& bits, std::size_t first, std::size_t length) {
  std::uint64_t count = 0;
  std::size_t i = 0;
  for (; i + 64 <= length; i += 64)
    count += static_cast<std::uint64_t>(__builtin_popcountll(bits.window(first + i)));
  if (i < length) {
    const std::uint64_t mask = (std::uint64_t{1} << (length - i)) - 1;
    count += static_cast<std::uint64_t>(__builtin_popcountll(bits.window(first + i) & mask));
  }
  return count;
}

std::uint64_t Sequence::ones() const {
  if (!ones_) ones_ = ones_in(bits_, 0, bits_.size());
  return *ones_;
}

LIGHTSEED_WIDE std::uint64_t differences_in(const BitString& bits, std::size_t first, std::size_t length,
                                            std::size_t distance) {
  std::uint64_t count = 0;
  std::size_t i = 0;
  for (; i + 64 <= length; i += 64) {
    count +=
        static_cast<std::uint64_t>(__builtin_popcountll(bits.window(first + i) ^ bits.window(first + i + distance)));
  }
  if (i < length) {
    const std::uint64_t mask = (std::uint64_t{1} << (length - i)) - 1;
    const std::uint64_t last = bits.window(first + i) ^ bits.window(first + i + distance);
    count += static_cast<std::uint64_t>(__builtin_popcountll(last & mask));
  }
  return count;
}

std::uint64_t Sequence::changes(std::size_t distance) const {
  return distance >= bits_.size() ? 0 : differences_in(bits_, 0, bits_.size() - distance, distance);
}

const std::vector<std::uint32_t>& Sequence::patterns(unsigned length) const {
  if (patterns_[longest_pattern_].empty()) patterns_[longest_pattern_] = count_patterns(bits_, longest_pattern_);
  unsigned known = length;
  while (patterns_[known].empty())
    ++known;
  // A pattern less its last bit comes as often as the two that it may end in.
  for (; known > length; --known) {
    const auto& longer = patterns_[known];
    const std::size_t half = longer.size() / 2;
    patterns_[known - 1].resize(half);
    for (std::size_t v = 0; v < half; ++v)
      patterns_[known - 1][v] = longer[v] + longer[v + half];
  }
  return patterns_[length];
}

const RandomWalk& Sequence::walk() const {
  if (!walk_) walk_ = random_walk(bits_);
  return *walk_;
}

std::vector<unsigned> longest_runs(const BitString& bits, std::size_t block, bool value, unsigned most) {
  std::vector<unsigned> longest(bits.size() / block);
  std::vector<std::uint64_t> words((block + 63) / 64 + 1);
  const std::size_t last = words.size() - 2;
  const std::uint64_t mask = block % 64 == 0 ? ~std::uint64_t{0} : (std::uint64_t{1} << block % 64) - 1;
  for (std::size_t b = 0; b < longest.size(); ++b) {
    for (std::size_t i = 0; i <= last; ++i) {
      const std::uint64_t word = bits.window(b * block + 64 * i);
      words[i] = value ? word : ~word;
    }
    words[last] &= mask;
    // Each round leaves a one where a run goes on for one more place.
    unsigned length = 0;
    for (; length < most; ++length) {
      std::uint64_t any = 0;
      for (std::size_t i = 0; i <= last; ++i) {
        any |= words[i];
        words[i] &= words[i] >> 1 | words[i + 1] << 63;
      }
      if (any == 0) break;
    }
    longest[b] = length;
  }
  return longest;
}

}  // namespace lightseed::stats
