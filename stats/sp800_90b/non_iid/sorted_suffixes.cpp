// SPDX-License-Identifier: Apache-2.0
#include "stats/sp800_90b/non_iid/sorted_suffixes.h"

#include <algorithm>
#include <array>
#include <bit>
#include <optional>
#include <utility>
#include <vector>

#include "core/large_vector.h"
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

/// The radix way. Buckets of equal leading bits are sorted one after the other, each small enough for the cache. A
/// suffix is one word there: above, as many of the bits behind the bucket's as there is room for; below, how many
/// samples stand behind its place. So words in their order are suffixes in theirs, and of equal ones the shorter comes
/// first, for it may have ended inside the key. Of eight million bits bucket and word show 49; the few suffixes that
/// agree in all of them are sorted by the keys behind. The limit is the memory's: two passes over the text and three
/// over what a bucket has.
class KeySort {
 public:
  explicit KeySort(const PackedText& text)
      : text_(text),
        width_log2_(std::countr_zero(text.width())),
        behind_mask_((std::uint64_t{1} << std::bit_width(text.size())) - 1),
        shown_(std::min(64U, bucket_bits + static_cast<unsigned>(std::countl_zero(behind_mask_))) / text.width()),
        patience_(2 * text.size()) {}

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
    LargeVector<std::uint32_t> places(n);
    for (std::size_t i = 0; i < n; ++i)
      places[ends[bucket(i)]++] = static_cast<std::uint32_t>(i);

    words_.resize(largest);
    spare_.resize(largest);
    std::size_t first = 0;
    std::optional<std::size_t> last;  // place of the suffix before the bucket
    for (const std::uint32_t end : ends) {
      const std::size_t size = end - first;
      if (size == 0) continue;
      sort(std::span(places).subspan(first, size));
      first = end;
      if (last) census_.add(common(*last, place_of(words_[0])));
      if (!walk(size)) return std::nullopt;
      last = place_of(words_[size - 1]);
    }
    census_.finish();
    return std::move(census_);
  }

 private:
  static constexpr unsigned bucket_bits = 8;  ///< few enough buckets that the cache has room for the end of each
  static constexpr unsigned digit_bits = 9;   ///< of either radix pass over a bucket
  static constexpr std::size_t digits = std::size_t{1} << digit_bits;
  static constexpr unsigned high_shift = 64 - digit_bits;
  static constexpr unsigned low_shift = high_shift - digit_bits;
  static constexpr unsigned deepest = 64;  ///< keys; beyond that a repeat is the suffix array's business

  const PackedText& text_;
  int width_log2_;             ///< a symbol's width is a power of two
  std::uint64_t behind_mask_;  ///< of a word: how many samples stand behind the suffix's first
  std::size_t shown_;          ///< symbols that a bucket and a word show
  std::size_t patience_;       ///< keys that may still be read for suffixes with equal words
  std::vector<std::uint64_t> words_;
  std::vector<std::uint64_t> spare_;
  std::vector<Suffix> equal_;
  RepeatCensus census_;

  [[nodiscard]] std::size_t bucket(std::size_t i) const noexcept {
    return static_cast<std::size_t>(text_.key(i) >> (64 - bucket_bits));
  }

  [[nodiscard]] std::size_t place_of(std::uint64_t word) const noexcept {
    return text_.size() - 1 - static_cast<std::size_t>(word & behind_mask_);
  }

  /// A bucket's suffixes as words_[0 … places.size()), in their order: two radix passes over the highest 18 bits, which
  /// are enough for nearly all, and a look at those that agree in them.
  void sort(std::span<const std::uint32_t> places) {
    const std::size_t size = places.size();
    std::array<std::uint32_t, digits> low{};
    std::array<std::uint32_t, digits> high{};
    for (std::size_t k = 0; k < size; ++k) {
      const std::uint64_t word = (text_.key(places[k]) << bucket_bits & ~behind_mask_) | (text_.size() - 1 - places[k]);
      words_[k] = word;
      ++low[word >> low_shift & (digits - 1)];
      ++high[word >> high_shift];
    }
    const auto begin = words_.begin();
    if (size < 256) {
      std::sort(begin, begin + static_cast<std::ptrdiff_t>(size));
      return;
    }
    scatter(words_, spare_, size, low, low_shift);
    scatter(spare_, words_, size, high, high_shift);
    for (std::size_t k = 1; k < size; ++k) {
      if (words_[k] > words_[k - 1]) continue;
      const auto same = [&, top = words_[k] >> low_shift](std::size_t i) { return words_[i] >> low_shift == top; };
      std::size_t from = k - 1;
      while (from > 0 && same(from - 1))
        --from;
      for (++k; k < size && same(k);)
        ++k;
      std::sort(begin + static_cast<std::ptrdiff_t>(from), begin + static_cast<std::ptrdiff_t>(k));
    }
  }

  static void scatter(const std::vector<std::uint64_t>& from, std::vector<std::uint64_t>& to, std::size_t size,
                      std::array<std::uint32_t, digits>& starts, unsigned shift) {
    std::uint32_t sum = 0;
    for (std::uint32_t& start : starts)
      start = std::exchange(sum, sum + start);
    for (std::size_t k = 0; k < size; ++k)
      to[starts[from[k] >> shift & (digits - 1)]++] = from[k];
  }

  /// Tells the census of a sorted bucket, from its second suffix on. False: out of patience.
  bool walk(std::size_t size) {
    for (std::size_t k = 1; k < size; ++k) {
      const std::uint64_t a = words_[k - 1];
      const std::uint64_t b = words_[k];
      const std::uint64_t differ = (a ^ b) & ~behind_mask_;
      if (differ != 0) {
        const auto same = (bucket_bits + static_cast<unsigned>(std::countl_zero(differ))) >> width_log2_;
        const auto shorter = static_cast<std::uint32_t>(std::min(a & behind_mask_, b & behind_mask_) + 1);
        census_.add(std::min(same, shorter));
        continue;
      }
      equal_.clear();
      for (--k; k < size && ((words_[k] ^ a) & ~behind_mask_) == 0; ++k)
        equal_.push_back({.key = 0, .place = static_cast<std::uint32_t>(place_of(words_[k]))});
      --k;
      if (!settle(equal_.data(), equal_.size(), shown_)) return false;
    }
    return true;
  }

  /// Tells the census of suffixes that agree in `depth` symbols, but for those that end before; these are complete
  /// prefixes of all behind them, and stand in front by their length.
  bool settle(Suffix* suffixes, std::size_t size, std::size_t depth) {
    for (; size > 1 && suffixes->place + depth >= text_.size(); ++suffixes, --size)
      census_.add(static_cast<std::uint32_t>(text_.size() - suffixes->place));
    return size < 2 || deepen(suffixes, size, depth);
  }

  /// Sorts suffixes that agree in `depth` symbols by the key that comes then, and tells the census of them, from the
  /// second on.
  bool deepen(Suffix* suffixes, std::size_t size, std::size_t depth) {
    if (size > patience_ || depth > std::size_t{deepest} * text_.per_key()) return false;
    patience_ -= size;
    for (std::size_t k = 0; k < size; ++k)
      suffixes[k].key = text_.key(suffixes[k].place + depth);
    std::sort(suffixes, suffixes + size, before);
    for (std::size_t k = 0; k < size;) {
      if (k > 0) census_.add(common(suffixes[k - 1].place, suffixes[k].place, depth));
      std::size_t end = k + 1;
      while (end < size && suffixes[end].key == suffixes[k].key)
        ++end;
      if (!settle(suffixes + k, end - k, depth + text_.per_key())) return false;
      k = end;
    }
    return true;
  }

  /// Symbols that two suffixes share, who agree in `depth` and differ in the key there.
  [[nodiscard]] std::uint32_t common(std::size_t a, std::size_t b, std::size_t depth = 0) const noexcept {
    const std::uint64_t differ = text_.key(a + depth) ^ text_.key(b + depth);
    const auto same = static_cast<unsigned>(std::countl_zero(differ)) >> width_log2_;
    return static_cast<std::uint32_t>(std::min(depth + same, text_.size() - std::max(a, b)));
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
