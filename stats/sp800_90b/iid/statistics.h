// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <bitset>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

#include "stats/input/samples.h"
#include "stats/sp800_90b/iid/random.h"

namespace lightseed::sp800_90b {

using namespace stats;  // what all batteries share: input, bit strings, histograms

/// The 19 statistics of the permutation test (5.1), in the standard's order.
inline constexpr std::size_t statistics_count = 19;
inline constexpr std::size_t compression_statistic = 18;  ///< the last one, by far the dearest
using StatisticValues = std::array<double, statistics_count>;
using StatisticSet = std::bitset<statistics_count>;

/// "excursion", "directional-runs", … "periodicity-1", … "compression".
std::span<const std::string_view> statistic_ids() noexcept;

/// Computes the statistics of data and of their random rearrangements. Every value is exact: whole numbers, or
/// quotients whose rounding is the same in each round, so that equal means equal.
class Statistics {
 public:
  virtual ~Statistics() = default;

  /// Of the data as they came. Values outside `which` are zero.
  [[nodiscard]] virtual StatisticValues original(StatisticSet which) const = 0;

  /// Of the arrangement that `random` draws. Several threads may ask at once. Given the values that the arrangement is
  /// to be compared with, a value is exact only so far as it is greater than, equal to or smaller than that one: what a
  /// bound decides need not be counted.
  [[nodiscard]] virtual StatisticValues permuted(Xoshiro random, StatisticSet which,
                                                 const StatisticValues* original) const = 0;

 protected:
  Statistics() = default;
  Statistics(const Statistics&) = default;
  Statistics& operator=(const Statistics&) = default;
};

/// `raw`, one sample a byte, at least 264 of them and two values; `samples` the same data.
std::unique_ptr<Statistics> statistics_of(std::span<const std::uint8_t> raw, const Samples& samples);

}  // namespace lightseed::sp800_90b
