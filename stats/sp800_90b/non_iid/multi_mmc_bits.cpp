// SPDX-License-Identifier: Apache-2.0
#include "stats/sp800_90b/non_iid/multi_mmc_bits.h"

#include <algorithm>
#include <array>
#include <vector>

#include "stats/sp800_90b/non_iid/scoreboard.h"

namespace lightseed::sp800_90b {
namespace {

constexpr unsigned depths = 16;           // D of 6.3.9
constexpr std::uint32_t pairs = 100'000;  // maxEntries
using Board = Scoreboard<depths>;

/// Which steps of a block a depth predicted, and which of these rightly.
struct Block {
  std::uint64_t made = 0;
  std::uint64_t right = 0;
};

/// One depth below 16: its 2^(d+1) pairs never reach the limit, so a context is its lead of ones over zeros.
class Markov {
 public:
  explicit Markov(unsigned depth) : depth_(depth), mask_((1U << depth) - 1), leads_(std::size_t{1} << depth) {}

  /// `window` holds the context of the first step in its low bits and the outcomes behind it.
  Block advance(std::uint64_t window, unsigned steps) noexcept {
    Block block;
    for (unsigned step = 0; step < steps; ++step, window >>= 1) {
      std::int32_t& lead = leads_[window & mask_];
      const auto bit = static_cast<std::uint32_t>(window >> depth_ & 1);
      const std::uint32_t seen = static_cast<std::uint32_t>(lead) & 1;
      const std::uint32_t predicts_one = lead >= 0 ? 1 : 0;  // equal counts: the greatest symbol
      block.made |= std::uint64_t{seen} << step;
      block.right |= std::uint64_t{seen & ~(predicts_one ^ bit)} << step;
      lead = (lead | 1) + static_cast<std::int32_t>(4 * bit) - 2;
    }
    return block;
  }

 private:
  unsigned depth_;
  std::uint32_t mask_;
  std::vector<std::int32_t> leads_;  ///< twice the lead, plus one once the context was seen
};

/// Depth 16: here the limit acts, so the two pairs of a context are known apart.
class LimitedMarkov {
 public:
  LimitedMarkov() : counts_(std::size_t{1} << depths) {}

  Block advance(std::uint64_t window, unsigned steps) noexcept {
    Block block;
    for (unsigned step = 0; step < steps; ++step, window >>= 1) {
      auto& count = counts_[window & 0xFFFF];
      const std::uint32_t bit = window >> depths & 1;
      const std::uint32_t seen = (count[0] | count[1]) != 0 ? 1 : 0;
      const std::uint32_t predicts_one = count[1] >= count[0] ? 1 : 0;
      block.made |= std::uint64_t{seen} << step;
      block.right |= std::uint64_t{seen & ~(predicts_one ^ bit)} << step;
      if (count[bit] == 0) {
        if (entries_ == pairs) continue;
        ++entries_;
      }
      ++count[bit];
    }
    return block;
  }

 private:
  std::uint32_t entries_ = 0;
  std::vector<std::array<std::uint32_t, 2>> counts_;
};

/// Plays one depth over the steps [first, last) of a chunk; the context needs `depth` bits before each.
template <typename Model>
void play(Model& model, unsigned depth, const BitString& bits, std::size_t first, std::size_t last,
          std::vector<Board::Words>& right, std::vector<Board::Words>& made) {
  const std::size_t begin = std::max<std::size_t>(first, depth);
  for (std::size_t i = first; i < last; i += 64) {
    Block block;
    // Halves of 32, so that a context and all outcomes behind it fit into one word.
    for (unsigned half = 0; half < 64; half += 32) {
      const std::size_t from = std::max(i + half, begin);
      const std::size_t to = std::min(i + half + 32, last);
      if (from >= to) continue;
      const Block part = model.advance(bits.window(from - depth), static_cast<unsigned>(to - from));
      block.made |= part.made << (from - i);
      block.right |= part.right << (from - i);
    }
    right[(i - first) / 64][depth - 1] = block.right;
    made[(i - first) / 64][depth - 1] = block.made;
  }
}

}  // namespace

Prediction multi_mmc(const BitString& bits, bool as_written) {
  // Depth after depth over a chunk: one table stays in the cache at a time. They meet at the scoreboard only.
  constexpr std::size_t chunk = 4096;
  std::vector<Markov> models;
  for (unsigned depth = 1; depth < depths; ++depth)
    models.emplace_back(depth);
  LimitedMarkov deepest;
  std::vector<Board::Words> right(chunk / 64);
  std::vector<Board::Words> made(chunk / 64);
  Board board;
  for (std::size_t first = 0; first < bits.size(); first += chunk) {
    const std::size_t last = std::min(first + chunk, bits.size());
    for (unsigned depth = 1; depth < depths; ++depth)
      play(models[depth - 1], depth, bits, first, last, right, made);
    play(deepest, depths, bits, first, last, right, made);
    for (std::size_t i = first; i < last; i += 64) {
      const std::size_t block = (i - first) / 64;
      const auto steps = static_cast<unsigned>(std::min<std::size_t>(64, last - i));
      if (as_written) {
        board.add(right[block], steps);
      } else {
        board.add(right[block], made[block], steps);
      }
    }
  }
  return prediction(board.outcomes().correct(), board.outcomes().longest(), bits.size() - 2, 2);
}

}  // namespace lightseed::sp800_90b
