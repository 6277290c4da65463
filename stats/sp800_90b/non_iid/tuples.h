// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "stats/sp800_90b/estimator.h"
#include "stats/sp800_90b/non_iid/repeat_census.h"

namespace lightseed::sp800_90b {

/// The t-tuple estimate (SP 800-90B 6.3.5).
struct TTuple {
  std::size_t t = 0;       ///< longest tuple that comes 35 times
  double p_max = 0;        ///< largest probability a symbol, over all lengths up to t
  double p_u = 0;          ///< its upper bound, 99 %
  double min_entropy = 0;  ///< bits per symbol
};

/// The longest repeated substring estimate (SP 800-90B 6.3.6).
struct LongestRepeat {
  std::size_t u = 0;       ///< shortest tuple that comes fewer than 35 times
  std::size_t v = 0;       ///< longest one that comes twice
  double p_hat = 0;        ///< largest collision probability a symbol, over the lengths u … v
  double p_u = 0;          ///< its upper bound, 99 %
  double min_entropy = 0;  ///< bits per symbol
};

/// From the census of `length` symbols; nothing when no symbol comes 35 times.
std::optional<TTuple> t_tuple(const RepeatCensus& census, std::size_t length);

/// Nothing when the longest repeat is shorter than u.
std::optional<LongestRepeat> longest_repeat(const RepeatCensus& census, std::size_t length);

Estimator t_tuple_estimator();
Estimator lrs_estimator();

}  // namespace lightseed::sp800_90b
