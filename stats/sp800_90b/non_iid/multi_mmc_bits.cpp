// SPDX-License-Identifier: Apache-2.0
#include "stats/sp800_90b/non_iid/multi_mmc_bits.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstdlib>
#include <optional>
#include <utility>
#include <vector>

#include "core/bit_order.h"
#include "core/clones.h"
#include "stats/sp800_90b/non_iid/scoreboard.h"

namespace lightseed::sp800_90b {
namespace {

constexpr unsigned bit_depths = 16;       // D of 6.3.9
constexpr std::uint32_t pairs = 100'000;  // maxEntries
using DepthBoard = Scoreboard<bit_depths>;

/// Which of 64 steps a depth predicted, and which of these rightly.
struct Block {
  std::uint64_t made = 0;
  std::uint64_t right = 0;
};

/// One depth below 16: its 2^(d+1) pairs never reach the limit, so a context is its lead of ones over zeros. Equal
/// counts predict the greatest symbol.
struct Leads {
  unsigned depth;
  std::uint64_t unseen;              ///< contexts
  std::vector<std::int32_t> values;  ///< by context: twice the lead, plus one once the context was seen

  explicit Leads(unsigned of_depth) : depth(of_depth), unseen(1U << of_depth), values(std::size_t{1} << of_depth) {}
};

/// Depth 16: here the limit acts, so it is known of either pair of a context whether it is in.
struct LimitedLeads {
  std::uint32_t entries = 0;
  std::vector<std::int32_t>
      values;  ///< by context: four times the lead, plus one where a zero is in, two where a one is

  LimitedLeads() : values(std::size_t{1} << bit_depths) {}
};

/// Steps first to last - 1, of which each has the depth's bits before it. `window` has the context of the first in its
/// low bits, and all outcomes behind it: 32 of them at most.
LIGHTSEED_INLINE void advance(Leads& leads, std::uint64_t window, unsigned first, unsigned last, Block& block) {
  const unsigned depth = leads.depth;
  const std::uint64_t mask = (std::uint64_t{1} << depth) - 1;
  std::int32_t* const values = leads.values.data();
  std::uint64_t made = 0, right = 0;
  for (unsigned step = first; step < last; ++step, window >>= 1) {
    const std::int32_t lead = values[window & mask];
    const std::uint64_t bit = window >> depth & 1;
    const auto seen = static_cast<std::uint64_t>(lead & 1);
    const std::uint64_t predicts_one = lead >= 0 ? 1 : 0;
    made |= seen << step;
    right |= (seen & ~(predicts_one ^ bit)) << step;
    values[window & mask] = (lead | 1) + static_cast<std::int32_t>(4 * bit) - 2;
  }
  leads.unseen -= last - first - static_cast<unsigned>(std::popcount(made));
  block.made |= made;
  block.right |= right;
}

LIGHTSEED_INLINE void advance(LimitedLeads& leads, std::uint64_t window, unsigned first, unsigned last, Block& block) {
  constexpr std::uint64_t mask = (std::uint64_t{1} << bit_depths) - 1;
  std::int32_t* const values = leads.values.data();
  std::uint64_t made = 0, right = 0;
  for (unsigned step = first; step < last; ++step, window >>= 1) {
    std::int32_t value = values[window & mask];
    const std::uint64_t bit = window >> bit_depths & 1;
    const std::uint64_t seen = (value & 3) != 0 ? 1 : 0;
    const std::uint64_t predicts_one = value >= 0 ? 1 : 0;
    made |= seen << step;
    right |= (seen & ~(predicts_one ^ bit)) << step;
    if ((value >> bit & 1) == 0) {
      if (leads.entries == pairs) continue;
      ++leads.entries;
      value |= 1 << bit;
    }
    values[window & mask] = value + static_cast<std::int32_t>(8 * bit) - 4;
  }
  block.made |= made;
  block.right |= right;
}

/// 64 steps of a depth that has seen all of its contexts, so that it always predicts: which are right. A lead below
/// nought predicts a zero, and is right where its sign is not the outcome.
template <unsigned depth>
LIGHTSEED_INLINE std::uint64_t settled(std::int32_t* __restrict leads, const BitString& bits, std::size_t i) {
  constexpr std::uint64_t mask = (std::uint64_t{1} << depth) - 1;
  std::uint64_t signs = 0;  // the first one highest: a step is an addition
  for (std::size_t half = 0; half < 64; half += 32) {
    std::uint64_t window = bits.window(i + half - depth);
#pragma GCC unroll 8
    for (unsigned step = 0; step < 32; ++step, window >>= 1) {
      std::int32_t& lead = leads[window & mask];
      signs += signs + (static_cast<std::uint32_t>(lead) >> 31);
      lead += static_cast<std::int32_t>(window >> depth & 1) * 4 - 2;
    }
  }
  return reversed_bits(signs) ^ bits.window(i);
}

/// The same where contexts are few and come often, so that their leads are large: one that is larger than the times its
/// context comes within 64 steps keeps its sign, and all of these are counted together. Nothing, with nothing done,
/// where one lead is too small for that.
template <unsigned depth>
LIGHTSEED_INLINE std::optional<std::uint64_t> settled_at_once(std::int32_t* leads, const BitString& bits,
                                                              std::size_t i) {
  constexpr std::size_t contexts = std::size_t{1} << depth;
  std::array<std::uint64_t, contexts> where;  // is this the context of the step
  where[0] = ~std::uint64_t{0};
  for (unsigned place = 0; place < depth; ++place) {
    const std::uint64_t ones = bits.window(i + place - depth);
    for (std::size_t context = 0; context < std::size_t{1} << place; ++context) {
      where[context | std::size_t{1} << place] = where[context] & ones;
      where[context] &= ~ones;
    }
  }
  const std::uint64_t now = bits.window(i);
  std::array<std::int32_t, contexts> next;
  std::uint64_t right = 0;
  for (std::size_t context = 0; context < contexts; ++context) {
    const std::int32_t lead = leads[context];
    const std::int32_t times = std::popcount(where[context]), of_one = std::popcount(where[context] & now);
    if (std::abs(lead >> 1) <= times) return std::nullopt;
    right |= where[context] & (lead >= 0 ? now : ~now);
    next[context] = lead + 4 * of_one - 2 * times;
  }
  std::copy(next.begin(), next.end(), leads);
  return right;
}

template <unsigned depth>
LIGHTSEED_INLINE void play_settled(std::int32_t* leads, const BitString& bits, std::size_t first, std::size_t last,
                                   DepthBoard::Words* right, DepthBoard::Words* made) {
  constexpr unsigned few_contexts = 4;  // of so many bits
  for (std::size_t i = first; i < last; i += 64, ++right, ++made) {
    std::optional<std::uint64_t> at_once;
    if constexpr (depth <= few_contexts) at_once = settled_at_once<depth>(leads, bits, i);
    (*right)[depth - 1] = at_once ? *at_once : settled<depth>(leads, bits, i);
    (*made)[depth - 1] = ~std::uint64_t{0};
  }
}

/// The compiler knows each depth.
template <unsigned... less>
LIGHTSEED_INLINE void play_settled(std::integer_sequence<unsigned, less...>, Leads& leads, const BitString& bits,
                                   std::size_t first, std::size_t last, DepthBoard::Words* right,
                                   DepthBoard::Words* made) {
  const auto is = [&](unsigned depth) { return depth == leads.depth; };
  ((is(less + 1) ? play_settled<less + 1>(leads.values.data(), bits, first, last, right, made) : void()), ...);
}

/// Plays one depth over the steps [first, last) of a chunk, block by block; a context needs `depth` bits before it.
template <typename AnyLeads>
LIGHTSEED_INLINE void play_steps(AnyLeads& leads, unsigned depth, const BitString& bits, std::size_t first,
                                 std::size_t last, DepthBoard::Words* right, DepthBoard::Words* made) {
  const std::size_t begin = std::max<std::size_t>(first, depth);
  for (std::size_t i = first; i < last; i += 64, ++right, ++made) {
    Block block;
    // Halves of 32, so that a context and all outcomes behind it fit into one word.
    for (unsigned half = 0; half < 64; half += 32) {
      const std::size_t from = std::max(i + half, begin);
      const std::size_t to = std::min(i + half + 32, last);
      if (from >= to) continue;
      advance(leads, bits.window(from - depth), static_cast<unsigned>(from - i), static_cast<unsigned>(to - i), block);
    }
    (*right)[depth - 1] = block.right;
    (*made)[depth - 1] = block.made;
  }
}

LIGHTSEED_WIDE void play(Leads& leads, const BitString& bits, std::size_t first, std::size_t last,
                         DepthBoard::Words* right, DepthBoard::Words* made) {
  if (leads.unseen == 0 && last % 64 == 0 && first >= bit_depths) {
    play_settled(std::make_integer_sequence<unsigned, bit_depths - 1>{}, leads, bits, first, last, right, made);
  } else {
    play_steps(leads, leads.depth, bits, first, last, right, made);
  }
}

LIGHTSEED_WIDE void play(LimitedLeads& leads, const BitString& bits, std::size_t first, std::size_t last,
                         DepthBoard::Words* right, DepthBoard::Words* made) {
  play_steps(leads, bit_depths, bits, first, last, right, made);
}

/// The steps of a chunk to the scoreboard.
LIGHTSEED_WIDE void contest(DepthBoard& board, const DepthBoard::Words* right, const DepthBoard::Words* made,
                            std::size_t first, std::size_t last, bool as_written) {
  for (std::size_t i = first; i < last; i += 64, ++right, ++made) {
    const auto steps = static_cast<unsigned>(std::min<std::size_t>(64, last - i));
    if (as_written) {
      board.add(*right, steps);
    } else {
      board.add(*right, *made, steps);
    }
  }
}

}  // namespace

Prediction multi_mmc(const BitString& bits, bool as_written) {
  // Depth after depth over a chunk: one table stays in the cache at a time. They meet at the scoreboard only.
  constexpr std::size_t chunk = 4096;
  std::vector<Leads> models;
  for (unsigned depth = 1; depth < bit_depths; ++depth)
    models.emplace_back(depth);
  LimitedLeads deepest;
  std::vector<DepthBoard::Words> right(chunk / 64);
  std::vector<DepthBoard::Words> made(chunk / 64);
  DepthBoard board;
  for (std::size_t first = 0; first < bits.size(); first += chunk) {
    const std::size_t last = std::min(first + chunk, bits.size());
    for (Leads& model : models)
      play(model, bits, first, last, right.data(), made.data());
    play(deepest, bits, first, last, right.data(), made.data());
    contest(board, right.data(), made.data(), first, last, as_written);
  }
  return prediction(board.outcomes().correct(), board.outcomes().longest(), bits.size() - 2, 2);
}

}  // namespace lightseed::sp800_90b
