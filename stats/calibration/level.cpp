// SPDX-License-Identifier: Apache-2.0
#include "stats/calibration/level.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "core/error.h"

namespace lightseed::calibration {
namespace {

constexpr std::size_t least_samples = 1024;

/// 1 + 2 sum of r_k^power over the lags whose correlation is more than chance makes.
double memory_of(const CalibrationLevel& level, double power) {
  const double chance = 4 / std::sqrt(static_cast<double>(level.samples));
  double sum = 1;
  for (std::size_t lag = 1; lag <= calibration_lags; ++lag) {
    const double r = std::abs(level.autocovariance[lag] / level.autocovariance[0]);
    if (r > chance) sum += 2 * std::pow(r, power);
  }
  return sum;
}

}  // namespace

CalibrationLevel level_of(std::span<const std::uint16_t> samples, unsigned bits, double power) {
  if (samples.size() < least_samples) {
    throw Error(Category::not_enough_data,
                fmt::format("{} samples say nothing of a noise: {} at least", samples.size(), least_samples));
  }
  CalibrationLevel level;
  level.power = power;
  level.samples = samples.size();
  const auto count = static_cast<double>(samples.size());
  const auto top = static_cast<std::uint16_t>((1U << bits) - 1);
  std::uint64_t sum = 0, ends = 0;
  for (const std::uint16_t sample : samples) {
    sum += sample;
    ends += sample == 0 || sample == top ? 1U : 0U;
  }
  level.mean = static_cast<double>(sum) / count;
  level.ends = static_cast<double>(ends) / count;
  std::vector<double> off;
  off.reserve(samples.size());
  for (const std::uint16_t sample : samples) {
    const double x = sample - level.mean;
    off.push_back(x);
    level.fourth += x * x * x * x;
  }
  level.fourth /= count;
  for (std::size_t lag = 0; lag <= calibration_lags; ++lag) {
    double products = 0;
    for (std::size_t i = 0; i + lag < off.size(); ++i)
      products += off[i] * off[i + lag];
    level.autocovariance[lag] = products / static_cast<double>(off.size() - lag);
  }
  return level;
}

double error_of_mean(const CalibrationLevel& level) {
  return std::sqrt(level.autocovariance[0] * memory_of(level, 1) / static_cast<double>(level.samples));
}

double error_of_variance(const CalibrationLevel& level) {
  const double variance = level.autocovariance[0];
  const double spread = std::max(level.fourth - variance * variance, 0.0);
  return std::sqrt(spread * memory_of(level, 2) / static_cast<double>(level.samples));
}

double strongest_correlation(const CalibrationLevel& level) {
  double strongest = 0;
  for (std::size_t lag = 1; lag <= calibration_lags; ++lag)
    strongest = std::max(strongest, std::abs(level.autocovariance[lag] / level.autocovariance[0]));
  return strongest * std::sqrt(static_cast<double>(level.samples));
}

}  // namespace lightseed::calibration
