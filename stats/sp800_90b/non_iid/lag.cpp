// SPDX-License-Identifier: Apache-2.0
#include "stats/sp800_90b/non_iid/lag.h"

#include <algorithm>
#include <memory>
#include <vector>

#include "core/clones.h"
#include "stats/sp800_90b/non_iid/byte_match.h"
#include "stats/sp800_90b/non_iid/scoreboard.h"

namespace lightseed::sp800_90b {
namespace {

constexpr std::size_t lags = 128;  // D of 6.3.8
using Board = Scoreboard<lags>;

/// Hands the board steps 1 … n-1 in blocks of 64. `match(block, words)` fills, for each lag, the bits that say
/// whether sample 64*block+t equals the one before by that lag; bits that reach before the start may be anything.
template <typename Match>
LIGHTSEED_INLINE Outcomes play(std::size_t n, const Match& match) {
  const auto board = std::make_unique<Board>();
  Board::Words right;
  for (std::size_t first = 0; first < n; first += 64) {
    match(first / 64, right);
    auto steps = static_cast<unsigned>(std::min<std::size_t>(64, n - first));
    const std::uint64_t all = ~std::uint64_t{0} >> (64 - steps);
    if (steps < 64) {
      for (std::uint64_t& word : right)
        word &= all;
    }
    if (first < lags) {
      for (std::size_t lag = 1; lag <= lags; ++lag) {
        const std::size_t missing = lag > first ? std::min<std::size_t>(lag - first, 64) : 0;
        right[lag - 1] = missing == 64 ? 0 : right[lag - 1] >> missing << missing;
      }
    }
    if (first == 0) {  // the first sample is nobody's to predict
      for (std::uint64_t& word : right)
        word >>= 1;
      --steps;
    }
    if (steps > 0) board->add(right, steps);
  }
  return board->outcomes();
}

/// `first` has `lags` bytes before it, and 64 behind the last of `n`.
LIGHTSEED_WIDE Outcomes play_bytes(const std::uint8_t* first, std::size_t n) {
  return play(
      n, [first](std::size_t block, Board::Words & right) __attribute__((always_inline)) {
        const std::uint8_t* now = first + 64 * block;
        for (std::size_t lag = 1; lag <= lags; ++lag)
          right[lag - 1] = byte_match_64(now, now - lag);
      });
}

LIGHTSEED_WIDE Outcomes play_bits(std::span<const std::uint64_t> words, std::size_t n) {
  return play(
      n, [words](std::size_t block, Board::Words & right) __attribute__((always_inline)) {
        const std::uint64_t now = words[block];
        const std::uint64_t last = block > 0 ? words[block - 1] : 0;
        const std::uint64_t before = block > 1 ? words[block - 2] : 0;
        for (std::size_t lag = 1; lag < 64; ++lag) {
          right[lag - 1] = ~(now ^ (now << lag | last >> (64 - lag)));
          right[lag + 63] = ~(now ^ (last << lag | before >> (64 - lag)));
        }
        right[63] = ~(now ^ last);
        right[127] = ~(now ^ before);
      });
}

Prediction prediction_of(const Outcomes& outcomes, std::size_t n, unsigned alphabet) {
  return prediction(outcomes.correct(), outcomes.longest(), n - 1, alphabet);
}

}  // namespace

Prediction lag(std::span<const std::uint8_t> symbols, unsigned alphabet) {
  // Room before the start and behind the end, so that no block needs a special reader.
  std::vector<std::uint8_t> padded(lags + symbols.size() + 64);
  std::copy(symbols.begin(), symbols.end(), padded.begin() + lags);
  return prediction_of(play_bytes(padded.data() + lags, symbols.size()), symbols.size(), alphabet);
}

Prediction lag(const BitString& bits) {
  return prediction_of(play_bits(bits.words(), bits.size()), bits.size(), 2);
}

Estimator lag_estimator() {
  return {
      .id = "lag",
      .clause = "6.3.8",
      .looks_for = "samples that return after a fixed distance, as hum or a clock makes them",
      .least = 3,
      .run =
          [](const ViewedData& data, const Rules&) {
            return estimate_of("lag", data.binary() ? lag(data.bits()) : lag(data.symbols(), data.alphabet()));
          },
      .recompute = [](const Estimate& stated, const ViewShape& shape) { return predictor_again(stated, shape, 1); }};
}

}  // namespace lightseed::sp800_90b
