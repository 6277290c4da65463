// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "stats/input/histogram.h"
#include "stats/sp800_90b/iid/random.h"

namespace lightseed::sp800_90b {

using namespace stats;  // what all batteries share: input, bit strings, histograms

/// Draws uniformly random arrangements of given symbols, without moving any of them about.
///
/// Each place first gets a symbol of its own, drawn with (nearly) the right frequencies; then surplus symbols at
/// random places are replaced by those that are short. Nothing here looks at where a place is, so all orders of
/// the places are equally likely, and with the counts right all arrangements are: what Fisher and Yates achieve,
/// in a sixth of the time, for the data are read and written in sequence.
class Shuffle {
 public:
  /// Byte symbols with these counts.
  explicit Shuffle(const Histogram& counts);

  /// An arrangement; `out` has as many bytes as the counts add up to.
  void draw(Xoshiro& random, std::span<std::uint8_t> out) const;

 private:
  Histogram counts_;
  std::vector<std::uint8_t> table_;  ///< 2^16 symbols in the right proportion

  using Surplus = std::array<std::int64_t, 256>;  ///< of each symbol: so many too many, or too few
  static void replace(Surplus& surplus, Xoshiro& random, std::span<std::uint8_t> out);
};

/// The same for bits: `ones` of `size`.
class BitShuffle {
 public:
  BitShuffle(std::uint64_t size, std::uint64_t ones);

  /// `out` has words for all bits and bits behind the end stay zero.
  void draw(Xoshiro& random, std::span<std::uint64_t> out) const;

 private:
  std::uint64_t size_;
  std::uint64_t ones_;
  std::uint32_t share_;  ///< of ones, in 256ths
};

}  // namespace lightseed::sp800_90b
