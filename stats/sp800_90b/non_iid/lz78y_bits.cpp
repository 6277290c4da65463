// SPDX-License-Identifier: Apache-2.0
#include "stats/sp800_90b/non_iid/lz78y_bits.h"

#include <algorithm>
#include <array>
#include <bit>
#include <vector>

#include "stats/sp800_90b/non_iid/outcomes.h"

namespace lightseed::sp800_90b {
namespace {

constexpr unsigned longest_context = 16;   // B of 6.3.10
constexpr std::uint32_t contexts = 65536;  // maxDictionarySize

using Count = std::array<std::uint32_t, 2>;  ///< how often a zero and a one followed

/// The whole dictionary: context c of n bits at 2^n + c.
class Dictionary {
 public:
  Dictionary() : counts_(std::size_t{2} << longest_context) {}

  /// Predicts and learns `bit` after the 16 bits of `context`, the latest one highest. True: rightly predicted.
  bool step(std::uint32_t context, std::uint32_t bit) noexcept {
    std::uint32_t most = 0;
    std::uint32_t predicted = 2;
    for (unsigned length = longest_context; length > 0; --length) {
      Count& count = counts_[1U << length | context >> (longest_context - length)];
      const std::uint32_t best = std::max(count[0], count[1]);
      if (best == 0) {
        if (room_ == 0) continue;
        --room_;
      } else if (best > most) {
        most = best;
        predicted = count[1] == best ? 1 : 0;
      }
      ++count[bit];
    }
    return predicted == bit;
  }

  [[nodiscard]] bool full() const noexcept { return room_ == 0; }

  /// The contexts of one bit.
  [[nodiscard]] std::array<Count, 2> shortest() const noexcept { return {counts_[2], counts_[3]}; }

  /// No context of two bits or more can ever predict again.
  ///
  /// A longer context never counts a bit that the one-bit context at its end does not count too. Once it lags
  /// behind for both bits it always will, its best count stays below the other's, and the larger count predicts.
  [[nodiscard]] bool only_the_shortest_matter() const noexcept {
    for (unsigned length = 2; length <= longest_context; ++length) {
      for (std::uint32_t context = 0; context < 1U << length; ++context) {
        const Count& count = counts_[1U << length | context];
        const Count& last = counts_[2 | context >> (length - 1)];
        if ((count[0] | count[1]) != 0 && (count[0] >= last[0] || count[1] >= last[1])) return false;
      }
    }
    return true;
  }

 private:
  std::uint32_t room_ = contexts;
  std::vector<Count> counts_;
};

/// The rest of the bits, when the last bit alone decides.
void play_shortest(const BitString& bits, std::size_t i, std::array<Count, 2> counts, Outcomes& outcomes) {
  for (; i < bits.size(); i += 64) {
    const auto steps = static_cast<unsigned>(std::min<std::size_t>(64, bits.size() - i));
    const std::uint64_t all = ~std::uint64_t{0} >> (64 - steps);
    const std::uint64_t now = bits.window(i) & all;
    const std::uint64_t last = bits.window(i - 1) & all;
    const bool settled = std::all_of(counts.begin(), counts.end(), [](const Count& count) {
      const std::uint32_t lead = count[1] > count[0] ? count[1] - count[0] : count[0] - count[1];
      return lead > 64;
    });
    if (!settled) {
      for (unsigned step = 0; step < steps; ++step) {
        Count& count = counts[last >> step & 1];
        const std::uint64_t bit = now >> step & 1;
        outcomes.add((count[0] | count[1]) != 0 && (count[1] >= count[0]) == (bit != 0));
        if ((count[0] | count[1]) != 0) ++count[bit];
      }
      continue;
    }
    const std::uint64_t predicted =
        (counts[0][1] > counts[0][0] ? ~last : 0) | (counts[1][1] > counts[1][0] ? last : 0);
    outcomes.add(~(predicted ^ now) & all, steps);
    counts[0][0] += static_cast<std::uint32_t>(std::popcount(~last & ~now & all));
    counts[0][1] += static_cast<std::uint32_t>(std::popcount(~last & now));
    counts[1][0] += static_cast<std::uint32_t>(std::popcount(last & ~now));
    counts[1][1] += static_cast<std::uint32_t>(std::popcount(last & now));
  }
}

}  // namespace

Prediction lz78y(const BitString& bits) {
  Dictionary dictionary;
  Outcomes outcomes;
  const auto context = [&](std::size_t i) {
    return static_cast<std::uint32_t>(bits.window(i - longest_context) & 0xFFFF);
  };
  dictionary.step(context(longest_context), bits[longest_context] ? 1 : 0);
  std::size_t i = longest_context + 1;
  for (std::size_t pause = 4096; i < bits.size(); ++i) {
    if (dictionary.full() && --pause == 0) {
      if (dictionary.only_the_shortest_matter()) break;
      pause = i;  // twice as far on
    }
    outcomes.add(dictionary.step(context(i), bits[i] ? 1 : 0));
  }
  play_shortest(bits, i, dictionary.shortest(), outcomes);
  return prediction(outcomes.correct(), outcomes.longest(), bits.size() - longest_context - 1, 2);
}

}  // namespace lightseed::sp800_90b
