// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

#include "core/clones.h"
#include "stats/health/block_monitor.h"
#include "stats/health/monitors/batch_fourier.h"
#include "stats/health/monitors/monitors.h"

namespace lightseed::health {
namespace {

constexpr std::size_t bins = monitor_segment / 2 + 1;
constexpr std::size_t first_bin = 2;  ///< slower than that is the mean's and the drift's
constexpr std::size_t segments = monitor_block / monitor_segment;
constexpr std::size_t pair = 2 * monitor_segment;  ///< samples that are transformed together
/// Faint lines stand out of the mean of many blocks. Tumbling: a line that sets in is in one whole stretch of them
/// within 14 blocks, which are fewer than a million samples.
constexpr std::size_t blocks_together = 7;

/// x with P(mean of n unit exponentials >= x) <= exp(-nats), by Chernoff: x - 1 - ln x = nats / n.
double exponential_limit(double n, double nats) {
  double low = 1, high = 2 + 2 * nats / n;
  for (int i = 0; i < 60; ++i) {
    const double x = (low + high) / 2;
    (x - 1 - std::log(x) < nats / n ? low : high) = x;
  }
  return high;
}

/// Frequencies that are watched; what is too slow counts as nought. The one behind them is real, and has a law of its
/// own.
constexpr std::size_t watched = bins - 1;

/// The largest of `watched` numbers, none of them below nought; eight side by side, so that none waits for the last.
LIGHTSEED_INLINE float largest(const float* numbers) {
  constexpr std::size_t lanes = 8;
  float most[lanes] = {};
  for (std::size_t k = 0; k < watched; k += lanes)
    for (std::size_t j = 0; j < lanes; ++j)
      most[j] = most[j] < numbers[k + j] ? numbers[k + j] : most[j];
  return *std::max_element(most, most + lanes);
}

struct Strongest {
  float of_block, of_sum;
};

/// Powers as parts of a healthy bin's, added to `sum`.
LIGHTSEED_CLONES("avx2")
Strongest add_up(float* __restrict power, const float* __restrict unit, float* __restrict sum) {
  for (std::size_t k = 0; k < watched; ++k) {
    power[k] *= unit[k];
    sum[k] += power[k];
  }
  return {largest(power), largest(sum)};
}

/// Lines: hum, switching supplies, pick-up, a clock. The power at 2,047 frequencies, relative to the reference's, by a
/// Hann window over 4,096 samples (Welch): of independent samples each segment's is exponential with mean 1, and the
/// mean of n segments has a Gamma law.
///
/// The reading is the larger of two, each as a part of its limit: of the block alone, which finds strong lines at once,
/// and of seven blocks together, which finds faint ones.
class SpectrumMonitor final : public BlockMonitor {
 public:
  struct Limits {
    double block;
    double together;
  };

  SpectrumMonitor(Settings settings, const Reference& reference, const Limits& limits)
      : BlockMonitor(std::move(settings)),
        limits_(limits),
        centre_(static_cast<float>(mean_of(reference))),
        unit_(bins, 0.0F),
        pair_(pair),
        power_(bins, 0.0F),
        sum_(bins, 0.0F) {
    // The window's power is 3/8 of no window's.
    const double flat = variance_of(reference) * monitor_segment * 3 / 8;
    for (std::size_t k = first_bin; k < bins; ++k)
      unit_[k] = static_cast<float>(1 / (flat * (reference.spectrum.empty() ? 1 : reference.spectrum[k])));
  }

 protected:
  void add(std::span<const std::uint8_t> samples) override { take(samples); }
  void add(std::span<const std::uint16_t> samples) override { take(samples); }
  double measure() override {
    fourier_.finish(power_.data());
    const auto [of_block, of_sum] = add_up(power_.data(), unit_.data(), sum_.data());
    double worst = static_cast<double>(of_block) / static_cast<double>(segments) / limits_.block;
    if (++together_ == blocks_together) {
      worst =
          std::max(worst, static_cast<double>(of_sum) / static_cast<double>(segments * together_) / limits_.together);
      begin_together();
    }
    return worst;
  }
  void forget() override {
    filled_ = 0;
    fourier_.clear();
    begin_together();
  }

 private:
  Limits limits_;
  float centre_;
  std::vector<float> unit_;  ///< what the mean power of a healthy bin is divided by, inverted; nought for slow ones
  std::vector<std::uint16_t> pair_;  ///< of segments, where samples come in other pieces
  std::vector<float> power_, sum_;
  std::size_t filled_ = 0, together_ = 0;
  BatchFourier fourier_;

  void begin_together() {
    std::fill(sum_.begin(), sum_.end(), 0.0F);
    together_ = 0;
  }

  template <typename Code>
  void take(std::span<const Code> samples) {
    while (!samples.empty()) {
      const auto part = samples.first(std::min(samples.size(), pair - filled_));
      samples = samples.subspan(part.size());
      if (part.size() == pair) {
        fourier_.add_pair(part.data(), centre_);
        continue;
      }
      std::copy(part.begin(), part.end(), pair_.begin() + static_cast<std::ptrdiff_t>(filled_));
      filled_ += part.size();
      if (filled_ < pair) break;
      filled_ = 0;
      fourier_.add_pair(pair_.data(), centre_);
    }
  }
};

}  // namespace

std::unique_ptr<HealthTest> spectrum_monitor(const Reference& reference, double alpha_log2) {
  // A block's own limit takes a sixteenth of alpha, that of seven blocks the rest: faint lines need it more.
  const double per_bin = std::log(static_cast<double>(bins)) - alpha_log2 * std::numbers::ln2;
  SpectrumMonitor::Limits limits{exponential_limit(segments, per_bin + std::log(16.0)),
                                 exponential_limit(segments * blocks_together, per_bin + std::log(16.0 / 15))};
  // A spectrum that was measured is known to a few per cent.
  const double factor = reference.measured_on > 0 ? 1.2 : 1;
  // Pixels in turn make a comb, once a frame and its harmonics.
  double comb = 0;
  if (reference.pixels > 0) {
    const double pixels = std::max(2.0, static_cast<double>(reference.pixels));
    comb = reference.uneven * std::max(1.0, static_cast<double>(monitor_segment) / pixels) * (std::log(pixels / 2) + 8);
  }
  limits = {limits.block * factor + comb, limits.together * factor + comb};
  return std::make_unique<SpectrumMonitor>(
      BlockMonitor::Settings{.id = "model-spectrum",
                             .what = "the power of the strongest line, as a part of what is allowed,",
                             .low = 0,
                             .high = 1,
                             .alpha_log2 = alpha_log2},
      reference, limits);
}

}  // namespace lightseed::health
