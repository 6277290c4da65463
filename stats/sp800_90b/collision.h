#pragma once

#include <cstdint>

#include "stats/sp800_90b/bit_string.h"

namespace lightseed::sp800_90b {

/// The collision estimate (SP 800-90B 6.3.2), for bits.
struct Collision {
  std::uint64_t collisions = 0;  ///< v: how many times a repeated value was waited for
  std::uint64_t sum = 0;         ///< bits that took, 2 or 3 each
  double mean = 0;               ///< X
  double sigma = 0;              ///< sample standard deviation of the waiting times
  double mean_bound = 0;         ///< X': lower bound of the mean, 99 %
  double p = 0.5;                ///< probability of the likelier bit
  double min_entropy = 1;        ///< bits per bit
};

/// Five bits or more.
Collision collision(const BitString& bits);

}  // namespace lightseed::sp800_90b
