// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace lightseed::sp800_90b {

/// How often strings repeat, from the longest common prefixes of neighbours among the sorted suffixes.
///
/// Short lengths, up to 32 symbols, are counted side by side: for each, how many suffixes in a row share so much. That
/// takes the same few instructions for every suffix, where whatever looks at one length after the other must guess how
/// far it goes. Of longer ones each maximal group of suffixes that share a prefix is met once, when it ends; what it
/// says holds for a range of lengths and is noted at the ends of that range only. So the census is linear, whatever the
/// data repeat.
class RepeatCensus {
 public:
  /// A tuple that comes this often or more belongs to the t-tuple estimate (6.3.5), the rest to LRS (6.3.6).
  static constexpr std::uint32_t frequent = 35;

  /// The next suffix shares `common` symbols with the one before it. The first call speaks of the second suffix.
  void add(std::uint32_t common) {
    waiting_[waits_++] = common;
    if (waits_ == waiting_.size()) take_in();
  }

  /// After the last suffix: settles the groups still open.
  void finish();

  /// Length of the longest repeated string (v of 6.3.6); 0: nothing repeats.
  [[nodiscard]] std::size_t longest() const noexcept { return pairs_.empty() ? 0 : pairs_.size() - 1; }

  /// most_frequent()[i]: how often the most frequent i-tuple comes (Q[i]), for all i where that is >= 35.
  [[nodiscard]] const std::vector<std::uint32_t>& most_frequent() const noexcept { return most_; }

  /// pairs()[w]: how many pairs of places hold the same w-tuple, for w above most_frequent().size() - 1.
  [[nodiscard]] const std::vector<std::uint64_t>& pairs() const noexcept { return pairs_; }

  /// Lengths that are counted side by side.
  static constexpr std::uint32_t side_by_side = 32;

  /// Of each length from one on: how many suffixes in a row before this one share so much with it, the most there ever
  /// were, and pairs of suffixes that share so much. Pairs are right modulo 2^32, which is enough between two emptyings
  /// where a tuple comes fewer than 35 times.
  struct Counts {
    std::array<std::uint32_t, side_by_side> row{};
    std::array<std::uint32_t, side_by_side> most{};
    std::array<std::uint32_t, side_by_side> pairs{};
  };

 private:
  struct Group {
    std::uint32_t common;
    std::uint32_t first;  ///< rank of its first suffix
  };
  std::array<std::uint32_t, 1024> waiting_;  ///< common prefixes not yet taken in
  std::size_t waits_ = 0;
  Counts counts_;
  std::array<std::uint64_t, side_by_side + 1> short_pairs_{};
  std::uint32_t suffixes_ = 0;
  std::vector<Group> open_{{side_by_side, 0}};  ///< nested, the longest prefix last
  std::vector<std::uint32_t> most_;
  std::vector<std::uint64_t> pairs_;  ///< until finish(): differences, modulo 2^64

  void take_in();
  void nest(std::uint32_t common);
  void close(std::uint32_t common, std::uint32_t outer, std::uint32_t count);
};

}  // namespace lightseed::sp800_90b
