// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "stats/sp800_90b/iid/statistics.h"

namespace lightseed::sp800_90b {

/// The parts the statistics of 5.1 are made of. `Signs` are bits, the first lowest, that say which way each went.
using Signs = std::vector<std::uint64_t>;

/// 5.1.2–5.1.4: bit i says data[i] <= data[i+1]. `signs` gets data.size()-1 bits.
void rising_signs(std::span<const std::uint8_t> data, Signs& signs);

/// 5.1.5–5.1.6: bit i says data[i] >= threshold.
void upper_signs(std::span<const std::uint8_t> data, std::uint8_t threshold, Signs& signs);

/// Runs of equal signs among the first `size`: how many, and how long the longest one is.
struct Runs {
  std::uint64_t count = 0;
  std::uint64_t longest = 0;
};
Runs runs_of(std::span<const std::uint64_t> signs, std::size_t size);

/// 5.1.7–5.1.8: samples until one repeats, on average and at most. An unfinished wait at the end does not count.
struct Collisions {
  double average = 0;
  std::uint64_t longest = 0;
};
Collisions collisions_of(std::span<const std::uint8_t> data);

/// The longest wait, or the first that is longer than `enough`.
std::uint64_t longest_wait(std::span<const std::uint8_t> data, std::uint64_t enough);

/// An average that the waits cannot be below, 0 where `average` is too near for a bound to be worth its time.
///
/// A wait of d+1 samples ends at one that equals the sample d before it or a nearer one. So there are no more of them,
/// and of shorter ones, than periodicity(1) + … + periodicity(d), each counted in a few instructions a word; all other
/// waits are longer. Of data that hardly repeat that is enough to say that they do not wait as little as `average`.
double least_average_wait(std::span<const std::uint8_t> data, double average);

/// 5.1.9: samples equal to the one `lag` before.
std::uint64_t periodicity(std::span<const std::uint8_t> data, std::size_t lag);

/// 5.1.10: sum of products with the sample `lag` before.
std::uint64_t covariance(std::span<const std::uint8_t> data, std::size_t lag);

/// Directional runs and increases (5.1.2–5.1.4), periodicity and covariance at the five lags: shared by both
/// kinds of data, which differ in what `data` is.
void neighbour_statistics(std::span<const std::uint8_t> data, StatisticSet which, StatisticValues& values);

/// Both statistics of collisions, exactly; with `original`, so far as to say on which side of its values they are.
void collision_statistics(std::span<const std::uint8_t> data, StatisticSet which, const StatisticValues* original,
                          StatisticValues& values);

}  // namespace lightseed::sp800_90b
