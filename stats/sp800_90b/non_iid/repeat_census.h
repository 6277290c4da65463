// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace lightseed::sp800_90b {

/// How often strings repeat, from the longest common prefixes of neighbours among the sorted suffixes.
///
/// Each maximal group of suffixes that share a prefix is met once, when it ends; what it says holds for a range
/// of lengths and is noted at the ends of that range only. So the census is linear, whatever the data repeat.
class RepeatCensus {
 public:
  /// A tuple that comes this often or more belongs to the t-tuple estimate (6.3.5), the rest to LRS (6.3.6).
  static constexpr std::uint32_t frequent = 35;

  RepeatCensus() : open_{{0, 0}} {}

  /// The next suffix shares `common` symbols with the one before it. The first call speaks of the second suffix.
  void add(std::uint32_t common) {
    ++suffixes_;
    std::uint32_t first = suffixes_ - 1;
    while (open_.back().common > common) {
      const Group group = open_.back();
      open_.pop_back();
      first = group.first;
      close(group.common, common > open_.back().common ? common : open_.back().common, suffixes_ - first);
    }
    if (open_.back().common < common) open_.push_back({common, first});
  }

  /// After the last suffix: settles the groups still open.
  void finish();

  /// Length of the longest repeated string (v of 6.3.6); 0: nothing repeats.
  [[nodiscard]] std::size_t longest() const noexcept { return pairs_.empty() ? 0 : pairs_.size() - 1; }

  /// most_frequent()[i]: how often the most frequent i-tuple comes (Q[i]), for all i where that is >= 35.
  [[nodiscard]] const std::vector<std::uint32_t>& most_frequent() const noexcept { return most_; }

  /// pairs()[w]: how many pairs of places hold the same w-tuple, for w above most_frequent().size() - 1.
  [[nodiscard]] const std::vector<std::uint64_t>& pairs() const noexcept { return pairs_; }

 private:
  struct Group {
    std::uint32_t common;
    std::uint32_t first;  ///< rank of its first suffix
  };
  std::uint32_t suffixes_ = 0;
  std::vector<Group> open_;  ///< nested, the longest prefix last
  std::vector<std::uint32_t> most_;
  std::vector<std::uint64_t> pairs_;  ///< until finish(): differences, modulo 2^64

  /// `count` suffixes share `common` symbols, and more suffixes share `outer` < common.
  void close(std::uint32_t common, std::uint32_t outer, std::uint32_t count) {
    if (common >= pairs_.size()) pairs_.resize(std::size_t{common} + 1);
    if (count >= frequent) {
      if (common >= most_.size()) most_.resize(std::size_t{common} + 1);
      if (count > most_[common]) most_[common] = count;
      return;
    }
    const std::uint64_t pairs = std::uint64_t{count} * (count - 1) / 2;
    pairs_[common] += pairs;
    pairs_[outer] -= pairs;
  }
};

}  // namespace lightseed::sp800_90b
