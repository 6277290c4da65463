// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "stats/input/bit_string.h"
#include "stats/sp800_90b/estimator.h"

namespace lightseed::sp800_90b {

using namespace stats;  // what all batteries share: input, bit strings, histograms

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

/// Counts the waits for a repeated value in a bit string that comes in pieces of any length.
class CollisionCount {
 public:
  void add(const BitString& piece);

  /// Of all pieces so far, five bits or more.
  [[nodiscard]] Collision result() const;

 private:
  std::uint64_t collisions_ = 0;
  std::uint64_t sum_ = 0;
  unsigned waiting_ = 0;      ///< bits seen since the last collision, 0 to 2
  bool waiting_for_ = false;  ///< the first of them
};

/// Five bits or more.
Collision collision(const BitString& bits);

/// The same from the counts: `collisions` waits of `sum` bits together.
Collision collision(std::uint64_t collisions, std::uint64_t sum);

/// Its numbers under the names that records have.
Estimate estimate_of(const Collision& x);
Estimator collision_estimator();

}  // namespace lightseed::sp800_90b
