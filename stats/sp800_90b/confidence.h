// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>

namespace lightseed::sp800_90b {

/// Z(1 - 0.005): the 99 % two-sided quantile every estimator of 6.3 takes its bound from.
inline constexpr long double z_alpha = 2.575829303548900384158L;

/// Upper bound of a probability seen as `p` in `n` > 1 trials: min(1, p + Z sqrt(p(1-p)/(n-1))) (6.3.1, step 2).
/// In extended precision: close to 1 the entropy is all in the last digits.
inline long double upper_bound(long double p, std::uint64_t n) {
  const long double spread = std::sqrt(p * (1 - p) / static_cast<long double>(n - 1));
  return std::min(1.0L, p + z_alpha * spread);
}

/// -log2 of the probability of the likeliest outcome; +0 where it is certain.
inline double min_entropy_of(double p) {
  return p >= 1 ? 0.0 : -std::log2(p);
}
inline double min_entropy_of(long double p) {
  return p >= 1 ? 0.0 : static_cast<double>(-std::log2(p));
}

}  // namespace lightseed::sp800_90b
