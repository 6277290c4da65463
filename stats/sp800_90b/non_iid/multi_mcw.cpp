// SPDX-License-Identifier: Apache-2.0
#include "stats/sp800_90b/non_iid/multi_mcw.h"

#include <algorithm>
#include <array>
#include <bit>
#include <span>
#include <vector>

#include "core/clones.h"
#include "stats/sp800_90b/non_iid/scoreboard.h"

namespace lightseed::sp800_90b {
namespace {

constexpr std::array<std::size_t, 4> windows{63, 255, 1023, 4095};
using Board = Scoreboard<windows.size()>;

/// Where the most frequent symbol was seen last, the latest of equals.
LIGHTSEED_WIDE std::uint32_t latest_mode(std::span<const std::uint32_t> counts,
                                         std::span<const std::uint32_t> last_seen) {
  std::uint32_t best = 0;
  for (const std::uint32_t count : counts)
    best = std::max(best, count);
  std::uint32_t latest = 0;
  for (std::size_t symbol = 0; symbol < counts.size(); ++symbol)
    latest = std::max(latest, counts[symbol] == best ? last_seen[symbol] : 0);
  return latest;
}

/// A sliding window over bytes that knows its most frequent symbol.
class Window {
 public:
  Window(std::size_t length, unsigned alphabet) : length_(length), counts_(alphabet), last_seen_(alphabet) {}

  /// Bit t: symbols[first+t] was the most frequent of the window before it; zero while the window is not full.
  std::uint64_t advance(std::span<const std::uint8_t> symbols, std::size_t first, std::size_t last) {
    std::uint64_t right = 0;
    for (std::size_t i = first; i < last; ++i) {
      const std::uint8_t symbol = symbols[i];
      if (i >= length_) {
        right |= std::uint64_t{symbol == mode_} << (i - first);
        const std::uint8_t gone = symbols[i - length_];
        const bool mode_leaves = gone == mode_ && symbol != mode_;
        --counts_[gone];
        enter(symbol, i);
        if (mode_leaves) mode_ = symbols[latest_mode(counts_, last_seen_)];
      } else {
        enter(symbol, i);
      }
    }
    return right;
  }

 private:
  std::size_t length_;
  std::vector<std::uint32_t> counts_;
  std::vector<std::uint32_t> last_seen_;
  std::uint8_t mode_ = 0;

  /// The newcomer is the most recent symbol, so it wins every tie.
  void enter(std::uint8_t symbol, std::size_t i) {
    last_seen_[symbol] = static_cast<std::uint32_t>(i);
    if (++counts_[symbol] >= counts_[mode_]) mode_ = symbol;
  }
};

/// The same for bits: a window of odd length has no ties, so its number of ones says everything.
class BitWindow {
 public:
  explicit BitWindow(std::size_t length) : length_(length) {}

  std::uint64_t advance(const BitString& bits, std::size_t first, std::size_t last) {
    std::uint64_t now = bits.window(first);
    if (first + 64 <= length_) {
      for (std::size_t i = first; i < last; ++i, now >>= 1)
        ones_ += now & 1;
      return 0;
    }
    if (first < length_) return fill(bits, first, last);
    std::uint64_t gone = bits.window(first - length_);
    if (last - first < 64) {  // what stands behind the end neither comes nor goes
      const std::uint64_t all = (std::uint64_t{1} << (last - first)) - 1;
      now &= all;
      gone &= all;
    }
    std::uint64_t predicted = 0;
    for (unsigned step = 0; step < 64; step += 8, now >>= 8, gone >>= 8)
      predicted |= eight_steps(now & 255, gone & 255) << step;
    return ~(predicted ^ bits.window(first)) & (~std::uint64_t{0} >> (64 - (last - first)));
  }

 private:
  std::size_t length_;
  std::size_t ones_ = 0;

  /// Ones among the lowest bits of a byte: the first 0, 1, … 7 of them, one number a byte.
  static constexpr std::array<std::uint64_t, 256> ones_before = [] {
    std::array<std::uint64_t, 256> table{};
    for (unsigned byte = 0; byte < table.size(); ++byte) {
      for (unsigned bit = 0; bit < 8; ++bit)
        table[byte] |= std::uint64_t{static_cast<unsigned>(std::popcount(byte & ((1U << bit) - 1)))} << 8 * bit;
    }
    return table;
  }();

  /// Bit t: of the window before step t most bits are ones. A step's number of ones is that before the eight, and what
  /// has come since less what has gone: eight small numbers, a byte each, that are compared with what is missing at
  /// once.
  std::uint64_t eight_steps(std::uint64_t now, std::uint64_t gone) {
    constexpr std::uint64_t every = 0x0101010101010101;
    const std::uint64_t since = ones_before[now] - ones_before[gone] + 64 * every;  // no byte borrows: 57 … 71
    const auto missing = static_cast<std::int64_t>(length_ / 2 + 1) - static_cast<std::int64_t>(ones_);
    const auto enough = static_cast<std::uint64_t>(64 - std::clamp<std::int64_t>(missing, -8, 8));
    const std::uint64_t reached = (since + enough * every) >> 7 & every;  // 64 + more, and 64 - missing or more
    ones_ += (since >> 56) - 64 + (now >> 7) - (gone >> 7);
    return reached * 0x0102040810204080 >> 56;
  }

  /// The block in which the window becomes full.
  std::uint64_t fill(const BitString& bits, std::size_t first, std::size_t last) {
    std::uint64_t right = 0;
    for (std::size_t i = first; i < last; ++i) {
      if (i >= length_) {
        right |= std::uint64_t{(2 * ones_ > length_) == bits[i]} << (i - first);
        ones_ -= bits[i - length_] ? 1 : 0;
      }
      ones_ += bits[i] ? 1 : 0;
    }
    return right;
  }
};

template <typename Windows, typename Input>
Prediction play(Windows& slots, const Input& input, unsigned alphabet) {
  Board board;
  Board::Words right;
  const std::size_t n = input.size();
  for (std::size_t first = 0; first < n; first += 64) {
    const std::size_t last = std::min(first + 64, n);
    for (std::size_t w = 0; w < windows.size(); ++w)
      right[w] = slots[w].advance(input, first, last);
    if (first == 0) {  // 6.3.7 begins to predict when the shortest window is full: at sample 63
      for (std::uint64_t& word : right)
        word >>= windows[0];
      board.add(right, 1);
    } else {
      board.add(right, static_cast<unsigned>(last - first));
    }
  }
  return prediction(board.outcomes().correct(), board.outcomes().longest(), n - windows[0], alphabet);
}

}  // namespace

Prediction multi_mcw(std::span<const std::uint8_t> symbols, unsigned alphabet) {
  std::array<Window, 4> slots{Window(windows[0], alphabet), Window(windows[1], alphabet), Window(windows[2], alphabet),
                              Window(windows[3], alphabet)};
  return play(slots, symbols, alphabet);
}

Prediction multi_mcw(const BitString& bits) {
  std::array<BitWindow, 4> slots{BitWindow(windows[0]), BitWindow(windows[1]), BitWindow(windows[2]),
                                 BitWindow(windows[3])};
  return play(slots, bits, 2);
}

Estimator multi_mcw_estimator() {
  return {.id = "multi-mcw",
          .clause = "6.3.7",
          .looks_for = "a most frequent value that lasts for a while, as in slow drift",
          .least = multi_mcw_minimum,
          .run =
              [](const ViewedData& data, const Rules&) {
                return estimate_of("multi-mcw",
                                   data.binary() ? multi_mcw(data.bits()) : multi_mcw(data.symbols(), data.alphabet()));
              },
          .recompute = [](const Estimate& stated,
                          const ViewShape& shape) { return predictor_again(stated, shape, windows[0]); }};
}

}  // namespace lightseed::sp800_90b
