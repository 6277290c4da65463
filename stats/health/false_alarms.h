// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <deque>
#include <span>

#include "evidence/health_record.h"

namespace lightseed::health {

/// Health tests cry now and then at a source that is well: the more samples, the more often. This file says how often,
/// and when it can no longer be chance.

/// SP 800-90B 4.4.1 recommends false-alarm rates from 2^-40 to 2^-20.
constexpr double least_alpha_log2 = -40, most_alpha_log2 = -20;

/// The false-alarm rate for a run of about `planned_samples`: about 2^-10 alarms are expected in the whole run, as far
/// as the standard's range allows. 2^-30 for a million samples, 2^-40 for 2^30 and more.
double alpha_log2_for(std::uint64_t planned_samples) noexcept;

/// False alarms a sample, at most, of a source that just meets its claim: the sum over its tests.
double false_alarms_per_sample(std::span<const HealthTestRecord> tests) noexcept;

/// log2 P(Poisson(mean) >= alarms): how likely it is that a source that is well gives so many. `alarms` >= 1.
double chance_of_alarms_log2(double mean, std::uint64_t alarms);

/// Tells the intermittent failures that a healthy source has by chance from one that is persistent.
///
/// Alarms of a healthy source come one by one, at a known rate. After each alarm every stretch that ends with it is
/// looked at: from the start of the run, and from each of the 64 alarms before. When the alarms in a stretch are so
/// many that a healthy source would have as many with a probability below 2^-30, the failure is persistent. A failed
/// start-up test is an alarm like any other: a source that is dead or stuck fails the next two as well.
class AlarmHistory {
 public:
  static constexpr double persistent_log2 = -30;
  static constexpr std::size_t remembered = 64;

  /// `rate`: false_alarms_per_sample().
  explicit AlarmHistory(double rate) noexcept : rate_(rate) {}

  /// Notes an alarm at a sample, counted over the whole run. True when the failure is persistent.
  bool add(std::uint64_t sample);

  [[nodiscard]] bool persistent() const noexcept { return persistent_; }

 private:
  double rate_;
  std::uint64_t alarms_ = 0;
  std::deque<std::uint64_t> recent_;  ///< oldest first
  bool persistent_ = false;

  [[nodiscard]] bool too_many(std::uint64_t alarms, std::uint64_t samples) const;
};

}  // namespace lightseed::health
