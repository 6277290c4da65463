// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>

#include "core/large_vector.h"
#include "stats/sp800_90b/non_iid/flat_map.h"

namespace lightseed::sp800_90b {

/// What followed each context of up to 16 symbols: the dictionary of MultiMMC (6.3.9) and LZ78Y (6.3.10).
///
/// A node is a context, its child the same context with one more symbol in front, so one walk from the root
/// meets all contexts before a sample, shortest first. Most contexts come once and never again: a context that
/// is new is new in all its longer forms too, and these stay folded up in one node until somebody looks.
class ContextTree {
 public:
  using Id = std::uint32_t;
  static constexpr Id root = 0;
  static constexpr Id none = 0;  ///< the root is nobody's child

  /// The tree keeps a view of `symbols`.
  explicit ContextTree(std::span<const std::uint8_t> symbols) : symbols_(symbols), nodes_(1) {}

  /// The context one symbol longer than `node` (which has `depth` symbols) before sample i >= depth+1; or none.
  Id child(Id node, unsigned depth, std::size_t i) {
    if (nodes_[node].folded > depth) unfold(node, depth);
    const std::uint32_t* found = children_.find(key(node, symbols_[i - depth - 1]));
    return found == nullptr ? none : *found;
  }

  /// What `child` and `count` will look at for a sample further on lies all over memory, and waiting for it would take
  /// most of the time. These two begin to bring it into the cache: first, for sample i >= 2, the search for its context
  /// of two symbols; then, a few samples later, for i >= 3, that context itself and what is behind it.
  void foresee_pair(std::size_t i) noexcept;
  void foresee_behind_pair(std::size_t i) noexcept;

  /// Adds the contexts of depth+1 … last symbols before sample i, each followed once by symbols[i].
  void add(Id parent, unsigned depth, std::size_t i, unsigned last);

  /// Adds a place holder: a context that is not in the dictionary although longer ones are.
  Id add_absent(Id parent, unsigned depth, std::size_t i);

  /// The likeliest next symbol, the greatest of equals, and how often it came; zero for a place holder.
  [[nodiscard]] std::uint8_t predicted(Id node) const noexcept { return nodes_[node].predicted; }
  [[nodiscard]] std::uint32_t best(Id node) const noexcept { return nodes_[node].best; }

  /// Notes that `symbol` followed; a symbol new to this context only if `may_add`. True when it was new and added.
  bool count(Id node, std::uint8_t symbol, bool may_add);

 private:
  struct Node {
    std::uint32_t best = 0;
    std::uint32_t position = 0;  ///< the sample that the folded contexts precede
    std::uint8_t predicted = 0;
    std::uint8_t folded = 0;  ///< longest context folded up in this node
    bool many = false;        ///< more than one symbol followed: the counts are in followers_
  };

  std::span<const std::uint8_t> symbols_;
  LargeVector<Node> nodes_;
  FlatMap children_;   ///< (node, symbol in front) -> child
  FlatMap followers_;  ///< (node, next symbol) -> count

  static std::uint32_t key(Id node, std::uint8_t symbol) noexcept { return node << 8 | symbol; }
  void unfold(Id node, unsigned depth);
};

}  // namespace lightseed::sp800_90b
