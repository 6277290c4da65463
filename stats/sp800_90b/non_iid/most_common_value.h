// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>

#include "stats/input/histogram.h"
#include "stats/sp800_90b/estimator.h"

namespace lightseed::sp800_90b {

using namespace stats;  // what all batteries share: input, bit strings, histograms

/// The most common value estimate (SP 800-90B 6.3.1).
struct MostCommonValue {
  std::uint64_t mode_count = 0;  ///< how often the most frequent symbol came
  double p_hat = 0;              ///< its share
  double p_u = 0;                ///< upper bound of its probability, 99 % confidence
  double min_entropy = 0;        ///< bits per symbol, -log2(p_u)
};

/// One symbol a byte, any alphabet. Throws Error(not_enough_data) below two symbols.
MostCommonValue most_common_value(std::span<const std::uint8_t> symbols);

/// The same from a count: `mode_count` of `length` symbols.
MostCommonValue most_common_value(std::uint64_t mode_count, std::uint64_t length);

/// The same from counts of each value, together two or more.
MostCommonValue most_common_value(const Histogram& counts);

/// Its numbers under the names that records have.
Estimate estimate_of(const MostCommonValue& x);
Estimator most_common_value_estimator();

}  // namespace lightseed::sp800_90b
