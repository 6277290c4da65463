// SPDX-License-Identifier: Apache-2.0
#include "stats/sp800_90b/non_iid/multi_mmc.h"

#include <algorithm>
#include <array>

#include "stats/sp800_90b/non_iid/context_tree.h"
#include "stats/sp800_90b/non_iid/outcomes.h"

namespace lightseed::sp800_90b {
namespace {

constexpr unsigned depths = 16;           // D of 6.3.9
constexpr std::uint32_t pairs = 100'000;  // maxEntries

/// How many samples ahead the tree is asked to bring contexts into the cache: about what memory takes to answer. Of a
/// small alphabet the contexts of two symbols are few and there anyway.
constexpr std::size_t far_ahead = 16;
constexpr std::size_t ahead = 8;
constexpr unsigned large_alphabet = 64;

}  // namespace

Prediction multi_mmc(std::span<const std::uint8_t> symbols, unsigned alphabet, bool as_written) {
  ContextTree tree(symbols);
  std::array<std::uint32_t, depths> entries{};
  std::array<std::uint64_t, depths> scores{};
  unsigned winner = 0;
  unsigned full = 0;  // depths that take no new pair any more
  Outcomes outcomes;
  for (std::size_t i = 1; i < symbols.size(); ++i) {  // sample 1 only teaches
    if (alphabet >= large_alphabet && i + far_ahead < symbols.size()) {
      tree.foresee_pair(i + far_ahead);
      tree.foresee_behind_pair(i + ahead);
    }
    const std::uint8_t symbol = symbols[i];
    const unsigned leader = winner;
    const auto deepest = static_cast<unsigned>(std::min<std::size_t>(depths, i));
    ContextTree::Id node = ContextTree::root;
    unsigned d = 0;
    for (; d < deepest; ++d) {
      const ContextTree::Id next = tree.child(node, d, i);
      if (next == ContextTree::none) break;
      node = next;
      const bool right = tree.predicted(node) == symbol;
      if (right && ++scores[d] >= scores[winner]) winner = d;
      if (d == leader) outcomes.add(right);
      if (tree.count(node, symbol, entries[d] < pairs) && ++entries[d] == pairs) ++full;
    }
    if (as_written && leader >= d) outcomes.add(false);
    if (d == deepest || full == depths) continue;
    // The context is new from here on. A depth that is full keeps nothing, and nobody will ever look behind it:
    // what a deeper one still stores is only counted.
    unsigned last = d;
    for (unsigned k = d; k < deepest; ++k) {
      if (entries[k] >= pairs) continue;
      if (last == k) last = k + 1;
      if (++entries[k] == pairs) ++full;
    }
    if (last > d) tree.add(node, d, i, last);
  }
  return prediction(outcomes.correct(), outcomes.longest(), symbols.size() - 2, alphabet);
}

Estimator multi_mmc_estimator() {
  return {
      .id = "multi-mmc",
      .clause = "6.3.9",
      .looks_for = "samples that follow from the few before",
      .least = context_minimum,
      .run =
          [](const ViewedData& data, const Rules& rules) {
            return estimate_of("multi-mmc", data.binary()
                                                ? multi_mmc(data.bits(), rules.as_written)
                                                : multi_mmc(data.symbols(), data.alphabet(), rules.as_written));
          },
      .recompute = [](const Estimate& stated, const ViewShape& shape) { return predictor_again(stated, shape, 2); }};
}

}  // namespace lightseed::sp800_90b
