// SPDX-License-Identifier: Apache-2.0
#include "stats/health/false_alarms.h"

#include <algorithm>
#include <bit>
#include <boost/math/special_functions/gamma.hpp>
#include <cmath>

namespace lightseed::health {

double alpha_log2_for(std::uint64_t planned_samples) noexcept {
  const auto length = static_cast<double>(std::bit_width(std::max<std::uint64_t>(planned_samples, 1) - 1));
  return std::clamp(-(length + 10), least_alpha_log2, most_alpha_log2);
}

double false_alarms_per_sample(std::span<const HealthTestRecord> tests) noexcept {
  double rate = 0;
  for (const HealthTestRecord& test : tests)
    if (test.alpha_log2) rate += std::exp2(*test.alpha_log2) / static_cast<double>(test.window);
  return rate;
}

double chance_of_alarms_log2(double mean, std::uint64_t alarms) {
  if (!(mean > 0)) return -INFINITY;
  // P(Poisson(mean) >= k) is the regularised lower incomplete gamma function P(k, mean). Where it underflows, its first
  // term says how small it is.
  const auto k = static_cast<double>(alarms);
  const double chance = boost::math::gamma_p(k, mean);
  if (chance > 0) return std::log2(chance);
  return k * std::log2(mean) - (mean + std::lgamma(k + 1)) / std::log(2.0);
}

bool AlarmHistory::too_many(std::uint64_t alarms, std::uint64_t samples) const {
  return chance_of_alarms_log2(rate_ * static_cast<double>(samples), alarms) < persistent_log2;
}

bool AlarmHistory::add(std::uint64_t sample) {
  ++alarms_;
  bool chance = !too_many(alarms_, sample + 1);
  for (std::size_t i = 0; i < recent_.size(); ++i)
    chance = chance && !too_many(recent_.size() - i, sample - recent_[i]);
  persistent_ = persistent_ || !chance;
  recent_.push_back(sample);
  if (recent_.size() > remembered) recent_.pop_front();
  return persistent_;
}

}  // namespace lightseed::health
