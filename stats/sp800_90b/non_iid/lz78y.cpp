// SPDX-License-Identifier: Apache-2.0
#include "stats/sp800_90b/non_iid/lz78y.h"

#include <algorithm>

#include "stats/sp800_90b/non_iid/context_tree.h"
#include "stats/sp800_90b/non_iid/outcomes.h"

namespace lightseed::sp800_90b {
namespace {

constexpr unsigned longest = 16;           // B of 6.3.10
constexpr std::uint32_t contexts = 65536;  // maxDictionarySize

}  // namespace

Prediction lz78y(std::span<const std::uint8_t> symbols, unsigned alphabet) {
  ContextTree tree(symbols);
  std::uint32_t room = contexts;
  Outcomes outcomes;
  for (std::size_t i = longest; i < symbols.size(); ++i) {
    const std::uint8_t symbol = symbols[i];
    ContextTree::Id node = ContextTree::root;
    std::uint32_t most = 0;
    std::uint8_t predicted = 0;
    unsigned length = 0;
    for (; length < longest; ++length) {
      const ContextTree::Id next = tree.child(node, length, i);
      if (next == ContextTree::none) break;
      node = next;
      const std::uint32_t best = tree.best(node);
      if (best == 0) continue;
      if (best >= most) {
        most = best;
        predicted = tree.predicted(node);
      }
      tree.count(node, symbol, true);
    }
    if (i > longest) outcomes.add(most > 0 && predicted == symbol);
    const unsigned missing = longest - length;
    if (missing == 0 || room == 0) continue;
    // Longest first: when the room runs out, the shorter contexts of this sample stay out for good.
    for (; missing > room && length < longest - room; ++length)
      node = tree.add_absent(node, length, i);
    tree.add(node, length, i, longest);
    room -= std::min<std::uint32_t>(missing, room);
  }
  return prediction(outcomes.correct(), outcomes.longest(), symbols.size() - longest - 1, alphabet);
}

Estimator lz78y_estimator() {
  return {.id = "lz78y",
          .clause = "6.3.10",
          .looks_for = "samples that follow from a dictionary of what came before",
          .least = longest + 2,
          .run =
              [](const ViewedData& data, const Rules&) {
                return estimate_of("lz78y",
                                   data.binary() ? lz78y(data.bits()) : lz78y(data.symbols(), data.alphabet()));
              },
          .recompute = [](const Estimate& stated,
                          const ViewShape& shape) { return predictor_again(stated, shape, longest + 1); }};
}

}  // namespace lightseed::sp800_90b
