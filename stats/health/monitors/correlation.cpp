// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <numbers>

#include "core/clones.h"
#include "stats/health/block_monitor.h"
#include "stats/health/monitors/monitors.h"

namespace lightseed::health {
namespace {

/// Products of the first half of a block with what comes 1 to 32 samples later. Half of them see what all see, at a
/// correlation 1.4 times as large, in half the time.
constexpr std::size_t products = monitor_block / 2;

/// Eight numbers of which the compiler makes what the processor has.
using Eight = float __attribute__((vector_size(32)));

/// sums[k] += sum of x[i] x[i + k + 1]. Eight lags at a time share the loads of x[i]; short partial sums keep what is
/// lost by rounding below 1e-5 of the whole.
LIGHTSEED_CLONES("fma") void lagged_products(const float* __restrict x, double* __restrict sums) {
  constexpr std::size_t stretch = 2048, lags = 8;
  for (std::size_t lag = 1; lag <= monitor_lags; lag += lags) {
    for (std::size_t begin = 0; begin < products; begin += stretch) {
      Eight sum[lags] = {};
      for (std::size_t i = begin; i < begin + stretch; i += 8) {
        Eight here;
        std::memcpy(&here, x + i, sizeof here);
#pragma GCC unroll 8
        for (std::size_t k = 0; k < lags; ++k) {
          Eight later;
          std::memcpy(&later, x + i + lag + k, sizeof later);
          sum[k] += here * later;
        }
      }
      for (std::size_t k = 0; k < lags; ++k)
        for (std::size_t j = 0; j < 8; ++j)
          sums[lag + k - 1] += static_cast<double>(sum[k][j]);
    }
  }
}

/// Memory that a source should not have: lost bandwidth, a tone, samples that alternate.
class CorrelationMonitor final : public BlockMonitor {
 public:
  CorrelationMonitor(Settings settings, const Reference& reference)
      : BlockMonitor(std::move(settings)),
        centre_(static_cast<float>(mean_of(reference))),
        scale_(static_cast<float>(1 / std::sqrt(variance_of(reference)))),
        samples_(products + monitor_lags + 8) {
    std::copy_n(reference.correlation.begin(), std::min(reference.correlation.size(), monitor_lags), expected_.begin());
  }

 protected:
  void add(std::span<const std::uint8_t> samples) override { take(samples); }
  void add(std::span<const std::uint16_t> samples) override { take(samples); }
  double measure() override {
    std::array<double, monitor_lags> sums{};
    lagged_products(samples_.data(), sums.data());
    filled_ = 0;
    double worst = 0;
    for (std::size_t k = 0; k < monitor_lags; ++k)
      worst = std::max(worst, std::abs(sums[k] / static_cast<double>(products) - expected_[k]));
    return worst;
  }
  void forget() override { filled_ = 0; }

 private:
  float centre_, scale_;
  std::array<double, monitor_lags> expected_{};
  std::vector<float> samples_;  ///< in standard deviations
  std::size_t filled_ = 0;

  template <typename Code>
  void take(std::span<const Code> samples) {
    const std::size_t count = std::min(samples.size(), samples_.size() - filled_);
    float* const out = samples_.data() + filled_;
    for (std::size_t i = 0; i < count; ++i)
      out[i] = (static_cast<float>(samples[i]) - centre_) * scale_;
    filled_ += count;
  }
};

/// The standard deviation by which a healthy block's correlation of one lag is off (Bartlett, for large lags).
double deviation_of(const Reference& reference) {
  double squares = 1;
  for (const double r : reference.correlation)
    squares += 2 * r * r;
  return std::sqrt(std::max(squares, reference.memory > 1 ? reference.memory : 1.0) / static_cast<double>(products));
}

/// z with P(|N(0,1)| > z) below exp(-nats): the tail is below exp(-z^2 / 2).
double gaussian_limit(double nats) {
  return std::sqrt(2 * nats);
}

}  // namespace

std::unique_ptr<HealthTest> correlation_monitor(const Reference& reference, double alpha_log2) {
  const double nats = (std::log2(static_cast<double>(monitor_lags)) - alpha_log2) * std::numbers::ln2;
  double limit = gaussian_limit(nats) * deviation_of(reference);
  if (reference.measured_on > 0) limit += 8 * std::sqrt(reference.memory / reference.measured_on);
  // Pixels in turn are alike again after each frame, and by chance a little at other distances.
  if (reference.pixels > 0)
    limit += reference.uneven * std::min(1.0, 7 / std::sqrt(static_cast<double>(reference.pixels)));
  return std::make_unique<CorrelationMonitor>(
      BlockMonitor::Settings{.id = "model-correlation",
                             .what = "the correlation of samples up to 32 apart, less the expected one,",
                             .low = 0,
                             .high = limit,
                             .alpha_log2 = alpha_log2},
      reference);
}

}  // namespace lightseed::health
