// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "stats/input/bit_string.h"
#include "stats/sp800_90b/estimator.h"

namespace lightseed::sp800_90b {

using namespace stats;  // what all batteries share: input, bit strings, histograms

/// The Markov estimate (SP 800-90B 6.3.3), for bits.
struct Markov {
  double p_0 = 0;   ///< share of zeros
  double p_1 = 0;   ///< share of ones
  double p_00 = 0;  ///< of what follows a zero, the share of zeros; and so on
  double p_01 = 0;
  double p_10 = 0;
  double p_11 = 0;
  double p_max = 0;        ///< probability of the likeliest 128 bits
  double min_entropy = 0;  ///< bits per bit
};

/// Counts pairs in a bit string that comes in pieces of any length.
class MarkovCount {
 public:
  void add(const BitString& piece);

  /// Of all pieces so far, two bits or more.
  [[nodiscard]] Markov result() const;

 private:
  std::uint64_t pairs_ = 0;
  std::uint64_t ones_ = 0;  ///< pairs that begin with a one
  std::uint64_t zero_zero_ = 0;
  std::uint64_t one_zero_ = 0;
  std::uint64_t bits_ = 0;
  bool last_ = false;

  void count(std::uint64_t now, std::uint64_t next, std::uint64_t which);
};

/// Two bits or more.
Markov markov(const BitString& bits);

/// Fills in what follows from the shares p_0 … p_11.
Markov markov_from(Markov shares);

/// Its numbers under the names that records have.
Estimate estimate_of(const Markov& x);
Estimator markov_estimator();

}  // namespace lightseed::sp800_90b
