// SPDX-License-Identifier: Apache-2.0
#include "stats/sp800_90b/non_iid/markov.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>

#include "stats/sp800_90b/confidence.h"

namespace lightseed::sp800_90b {

/// The pairs (now, next) at the positions in `which`.
void MarkovCount::count(std::uint64_t now, std::uint64_t next, std::uint64_t which) {
  const auto number = [which](std::uint64_t x) { return static_cast<std::uint64_t>(std::popcount(x & which)); };
  ones_ += number(now);
  zero_zero_ += number(~now & ~next);
  one_zero_ += number(now & ~next);
  pairs_ += number(~std::uint64_t{0});
}

void MarkovCount::add(const BitString& piece) {
  const std::size_t n = piece.size();
  if (n == 0) return;
  if (bits_ > 0) count(last_ ? 1 : 0, piece.window(0), 1);
  for (std::size_t i = 0; i + 1 < n; i += 64)
    count(piece.window(i), piece.window(i + 1), ~std::uint64_t{0} >> (64 - std::min<std::size_t>(64, n - 1 - i)));
  bits_ += n;
  last_ = piece[n - 1];
}

Markov MarkovCount::result() const {
  const std::uint64_t zeros = pairs_ - ones_;
  Markov shares;
  if (zeros > 0) {
    shares.p_00 = static_cast<double>(zero_zero_) / static_cast<double>(zeros);
    shares.p_01 = 1 - shares.p_00;
  }
  if (ones_ > 0) {
    shares.p_10 = static_cast<double>(one_zero_) / static_cast<double>(ones_);
    shares.p_11 = 1 - shares.p_10;
  }
  shares.p_0 = static_cast<double>(zeros + (last_ ? 0 : 1)) / static_cast<double>(bits_);
  shares.p_1 = 1 - shares.p_0;
  return markov_from(shares);
}

Markov markov(const BitString& bits) {
  MarkovCount count;
  count.add(bits);
  return count.result();
}

Markov markov_from(Markov result) {
  // Table 1 of 6.3.3: the six likeliest shapes of 128 bits, by the logarithm of their probability.
  double entropy = 128;
  const auto consider = [&](double first, double a, double a_times, double b, double b_times) {
    if (a <= 0 || b <= 0) return;
    entropy = std::min(entropy, -std::log2(first) - a_times * std::log2(a) - b_times * std::log2(b));
  };
  consider(result.p_0, result.p_00, 127, 1, 0);
  consider(result.p_0, result.p_01, 64, result.p_10, 63);
  consider(result.p_0, result.p_01, 1, result.p_11, 126);
  consider(result.p_1, result.p_10, 1, result.p_00, 126);
  consider(result.p_1, result.p_10, 64, result.p_01, 63);
  consider(result.p_1, result.p_11, 127, 1, 0);
  result.p_max = std::exp2(-entropy);
  result.min_entropy = std::clamp(entropy / 128, 0.0, 1.0);
  return result;
}

Estimate estimate_of(const Markov& x) {
  return {.id = "markov",
          .min_entropy = x.min_entropy,
          .numbers = {{"p_0", x.p_0},
                      {"p_1", x.p_1},
                      {"p_00", x.p_00},
                      {"p_01", x.p_01},
                      {"p_10", x.p_10},
                      {"p_11", x.p_11},
                      {"p_max", x.p_max}}};
}

Estimator markov_estimator() {
  return {.id = "markov",
          .clause = "6.3.3",
          .looks_for = "a bit that depends on the one before",
          .least = 2,
          .bits_only = true,
          .run = [](const ViewedData& data, const Rules&) { return estimate_of(markov(data.bits())); },
          .recompute = [](const Estimate& stated, const ViewShape&) -> std::optional<Estimate> {
            const auto p_0 = stated.number("p_0");
            const auto p_00 = stated.number("p_00");
            const auto p_01 = stated.number("p_01");
            const auto p_10 = stated.number("p_10");
            const auto p_11 = stated.number("p_11");
            if (!p_0 || !p_00 || !p_01 || !p_10 || !p_11) return std::nullopt;
            for (const double share : {*p_0, *p_00, *p_01, *p_10, *p_11}) {
              if (share < 0 || share > 1) return std::nullopt;
            }
            // What follows a zero is a zero or a one; a bit that never came (but at the end) has neither share.
            const auto adds_up = [](double a, double b, double of) {
              return std::abs(a + b - 1) < 1e-12 || (a == 0 && b == 0 && of < 1e-3);
            };
            if (!adds_up(*p_00, *p_01, *p_0) || !adds_up(*p_10, *p_11, 1 - *p_0)) return std::nullopt;
            return estimate_of(markov_from(
                {.p_0 = *p_0, .p_1 = 1 - *p_0, .p_00 = *p_00, .p_01 = *p_01, .p_10 = *p_10, .p_11 = *p_11}));
          },
          .one_pass = &CountedBits<MarkovCount>::make};
}

}  // namespace lightseed::sp800_90b
