// SPDX-License-Identifier: Apache-2.0
#include "stats/sp800_90b/non_iid/sorted_suffixes.h"

#include <algorithm>
#include <array>
#include <bit>
#include <optional>
#include <utility>
#include <vector>

#include "stats/sp800_90b/non_iid/packed_text.h"
#include "stats/sp800_90b/non_iid/suffix_array.h"

namespace lightseed::sp800_90b {
namespace {

struct Suffix {
  std::uint64_t key;  ///< the symbols at its place, or at some depth behind it
  std::uint32_t place;
};

/// By key; among equals the shorter suffix first, for it may have ended inside the key.
bool before(const Suffix& a, const Suffix& b) noexcept {
  return a.key != b.key ? a.key < b.key : a.place > b.place;
}

/// The radix way. Buckets of equal leading bits are sorted one after the other, each small enough for the cache.
class KeySort {
 public:
  explicit KeySort(const PackedText& text) : text_(text), patience_(text.size()) {}

  /// Nothing when the data repeat too much for sorting by keys to stay linear.
  std::optional<RepeatCensus> run() {
    const std::size_t n = text_.size();
    std::vector<std::uint32_t> ends(std::size_t{1} << bucket_bits);
    for (std::size_t i = 0; i < n; ++i)
      ++ends[bucket(i)];
    const std::size_t largest = *std::max_element(ends.begin(), ends.end());
    if (largest > std::max<std::size_t>(n / 4, 1 << 16)) return std::nullopt;
    std::uint32_t sum = 0;
    for (std::uint32_t& end : ends)
      end = std::exchange(sum, sum + end);
    std::vector<std::uint32_t> places(n);
    for (std::size_t i = 0; i < n; ++i)
      places[ends[bucket(i)]++] = static_cast<std::uint32_t>(i);

    std::optional<Suffix> last;
    suffixes_.resize(largest);
    spare_.resize(largest);
    std::size_t first = 0;
    for (const std::uint32_t end : ends) {
      const std::size_t size = end - first;
      for (std::size_t k = 0; k < size; ++k)
        suffixes_[k] = {text_.key(places[first + k]), places[first + k]};
      first = end;
      if (size == 0) continue;
      sort(size);
      if (!walk(suffixes_.data(), size, 0, last)) return std::nullopt;
    }
    census_.finish();
    return std::move(census_);
  }

 private:
  static constexpr unsigned bucket_bits = 11;
  static constexpr unsigned deepest = 64;  ///< keys; beyond that a repeat is the suffix array's business

  const PackedText& text_;
  std::size_t patience_;  ///< keys that may still be read for suffixes with equal first keys
  std::vector<Suffix> suffixes_;
  std::vector<Suffix> spare_;
  RepeatCensus census_;

  [[nodiscard]] std::size_t bucket(std::size_t i) const noexcept {
    return static_cast<std::size_t>(text_.key(i) >> (64 - bucket_bits));
  }

  /// Sorts suffixes_[0 … size) by their keys: two radix passes over the next 16 bits, then whatever is left.
  void sort(std::size_t size) {
    if (size < 256) {
      std::sort(suffixes_.begin(), suffixes_.begin() + static_cast<std::ptrdiff_t>(size), before);
      return;
    }
    radix(suffixes_, spare_, size, 64 - bucket_bits - 16);
    radix(spare_, suffixes_, size, 64 - bucket_bits - 8);
    constexpr unsigned rest = 64 - bucket_bits - 16;
    for (std::size_t k = 0; k < size;) {
      std::size_t end = k + 1;
      while (end < size && suffixes_[end].key >> rest == suffixes_[k].key >> rest)
        ++end;
      if (end - k == 2) {
        if (before(suffixes_[k + 1], suffixes_[k])) std::swap(suffixes_[k], suffixes_[k + 1]);
      } else if (end - k > 2) {
        std::sort(suffixes_.begin() + static_cast<std::ptrdiff_t>(k),
                  suffixes_.begin() + static_cast<std::ptrdiff_t>(end), before);
      }
      k = end;
    }
  }

  static void radix(const std::vector<Suffix>& from, std::vector<Suffix>& to, std::size_t size, unsigned shift) {
    std::array<std::uint32_t, 256> starts{};
    for (std::size_t k = 0; k < size; ++k)
      ++starts[from[k].key >> shift & 255];
    std::uint32_t sum = 0;
    for (std::uint32_t& start : starts)
      start = std::exchange(sum, sum + start);
    for (std::size_t k = 0; k < size; ++k)
      to[starts[from[k].key >> shift & 255]++] = from[k];
  }

  /// Tells the census of sorted suffixes that agree in the first `depth` symbols; `last` is the one before them,
  /// afterwards the last of them. False: out of patience.
  bool walk(Suffix* suffixes, std::size_t size, std::size_t depth, std::optional<Suffix>& last) {
    const std::size_t n = text_.size();
    const std::size_t next = depth + text_.per_key();
    for (std::size_t k = 0; k < size;) {
      if (last) census_.add(common(*last, suffixes[k], depth));
      std::size_t end = k + 1;
      while (end < size && suffixes[end].key == suffixes[k].key)
        ++end;
      last = suffixes[end - 1];
      // Those that end inside the key are complete prefixes of all behind them, and sorted by length already.
      for (; k + 1 < end && suffixes[k].place + next >= n; ++k)
        census_.add(static_cast<std::uint32_t>(n - suffixes[k].place));
      if (k + 1 < end && !deepen(suffixes + k, end - k, next)) return false;
      k = end;
    }
    return true;
  }

  /// Sorts suffixes that agree in `depth` symbols by what comes then, and walks them.
  bool deepen(Suffix* suffixes, std::size_t size, std::size_t depth) {
    if (size > patience_ || depth > std::size_t{deepest} * text_.per_key()) return false;
    patience_ -= size;
    for (std::size_t k = 0; k < size; ++k)
      suffixes[k].key = text_.key(suffixes[k].place + depth);
    std::sort(suffixes, suffixes + size, before);
    std::optional<Suffix> none;
    return walk(suffixes, size, depth, none);
  }

  /// Symbols that two neighbours share, who agree in `depth` and whose keys there differ.
  [[nodiscard]] std::uint32_t common(const Suffix& a, const Suffix& b, std::size_t depth) const noexcept {
    const auto same = static_cast<unsigned>(std::countl_zero(a.key ^ b.key)) / text_.width();
    return static_cast<std::uint32_t>(std::min(depth + same, text_.size() - std::max(a.place, b.place)));
  }
};

/// Bits as bytes, for the suffix array.
std::vector<std::uint8_t> as_bytes(const BitString& bits) {
  std::vector<std::uint8_t> bytes(bits.size());
  for (std::size_t i = 0; i < bytes.size(); ++i)
    bytes[i] = bits[i] ? 1 : 0;
  return bytes;
}

}  // namespace

RepeatCensus census_of_repeats(std::span<const std::uint8_t> symbols, unsigned alphabet) {
  const PackedText text(symbols, alphabet);
  if (auto census = KeySort(text).run()) return std::move(*census);
  return census_by_suffix_array(symbols);
}

RepeatCensus census_of_repeats(const BitString& bits) {
  {
    const PackedText text(bits);
    if (auto census = KeySort(text).run()) return std::move(*census);
  }
  return census_by_suffix_array(as_bytes(bits));
}

}  // namespace lightseed::sp800_90b
