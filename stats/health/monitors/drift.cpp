// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

#include "stats/health/block_monitor.h"
#include "stats/health/monitors/moments.h"
#include "stats/health/monitors/monitors.h"

namespace lightseed::health {
namespace {

/// Page's cumulative sums (Biometrika 41 (1954) 100-115): S = max(0, S + z - k), of the deviations z of mean and
/// variance from the reference, upwards and downwards. A change of d standard deviations that lasts is found within h /
/// (d - k) blocks, however small the d above k.
///
/// For Gaussian z a sum that begins at any one block reaches h with probability exp(-2 k h) at most (Lundberg): that is
/// the rate of false alarms a block.
class DriftMonitor final : public BlockMonitor {
 public:
  struct Expected {
    double mean, variance;        ///< of codes
    double of_mean, of_variance;  ///< standard deviations of a block's
    double allowance;             ///< k
    bool has_variance;
  };

  DriftMonitor(Settings settings, const Expected& expected) : BlockMonitor(std::move(settings)), expected_(expected) {}

 protected:
  void add(std::span<const std::uint8_t> samples) override { moments_.add(samples); }
  void add(std::span<const std::uint16_t> samples) override { moments_.add(samples); }
  double measure() override {
    const double mean = (moments_.mean() - expected_.mean) / expected_.of_mean;
    const double variance = expected_.has_variance
                                ? (moments_.variance_about(expected_.mean) - expected_.variance) / expected_.of_variance
                                : 0;
    moments_.clear();
    const std::array<double, 4> z{mean, -mean, variance, -variance};
    double worst = 0;
    for (std::size_t i = 0; i < z.size(); ++i) {
      sums_[i] = std::max(0.0, sums_[i] + z[i] - expected_.allowance);
      worst = std::max(worst, sums_[i]);
    }
    return worst;
  }
  void forget() override {
    moments_.clear();
    sums_.fill(0);
  }

 private:
  Expected expected_;
  Moments moments_;
  std::array<double, 4> sums_{};
};

}  // namespace

std::unique_ptr<HealthTest> drift_monitor(const Reference& reference, double alpha_log2) {
  const double mean = mean_of(reference), variance = variance_of(reference);
  double fourth = 0;
  for (std::size_t c = 0; c < reference.law.size(); ++c)
    fourth += reference.law[c] * std::pow(static_cast<double>(c) - mean, 4);
  const double independent = static_cast<double>(monitor_block) / reference.memory;
  // A measured mean is off by a fraction of a block's deviation, for ever: six times that counts as no drift.
  const double allowance =
      0.5 + (reference.measured_on > 0 ? 6 * std::sqrt(static_cast<double>(monitor_block) / reference.measured_on) : 0);
  const double sides = 4;
  const double limit = (std::log2(sides) - alpha_log2) * std::numbers::ln2 / (2 * allowance);
  return std::make_unique<DriftMonitor>(
      BlockMonitor::Settings{.id = "model-drift",
                             .what = "the cumulated drift of mean or variance, in standard deviations,",
                             .low = 0,
                             .high = limit,
                             .alpha_log2 = alpha_log2},
      DriftMonitor::Expected{.mean = mean,
                             .variance = variance,
                             .of_mean = std::sqrt(variance / independent),
                             .of_variance = std::sqrt((fourth - variance * variance) / independent),
                             .allowance = allowance,
                             .has_variance = reference.law.size() >= 3});
}

}  // namespace lightseed::health
