#pragma once

#include "stats/sp800_90b/bit_string.h"

namespace lightseed::sp800_90b {

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

/// Two bits or more.
Markov markov(const BitString& bits);

}  // namespace lightseed::sp800_90b
