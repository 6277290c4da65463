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

/// sums[k] += sum of x[i] (x[i + k + 1] - centre), of whole numbers of nine bits, exactly: the processor multiplies
/// sixteen pairs of words at a time and adds two products each. A stretch stays in the first-level cache, and its sums
/// in 32 bits.
///
/// What is 16 + k behind x[i] is k behind x[i + 16]: what is loaded serves two lags, for the loads are what takes the
/// time. (Without a difference that has to be made first GCC would load it twice.) Products of the smaller lag begin
/// and end sixteen samples later than they should; the few that differ are put right.
LIGHTSEED_CLONES("avx2")
void lagged_products(const std::int16_t* __restrict x, std::int16_t centre, std::int64_t* __restrict sums) {
  constexpr std::size_t stretch = 2048, lags = 4, apart = monitor_lags / 2;
  for (std::size_t begin = 0; begin < products; begin += stretch) {
    for (std::size_t lag = 1; lag <= apart; lag += lags) {
      const std::int16_t* __restrict const here = x + begin;
      const std::int16_t* __restrict const near = here + apart;
      const std::int16_t* __restrict const later = near + lag;
      std::int32_t n0 = 0, n1 = 0, n2 = 0, n3 = 0, f0 = 0, f1 = 0, f2 = 0, f3 = 0;
      for (std::size_t i = 0; i < stretch; ++i) {
        const auto x0 = static_cast<std::int16_t>(later[i] - centre);
        const auto x1 = static_cast<std::int16_t>(later[i + 1] - centre);
        const auto x2 = static_cast<std::int16_t>(later[i + 2] - centre);
        const auto x3 = static_cast<std::int16_t>(later[i + 3] - centre);
        n0 += near[i] * x0;
        f0 += here[i] * x0;
        n1 += near[i] * x1;
        f1 += here[i] * x1;
        n2 += near[i] * x2;
        f2 += here[i] * x2;
        n3 += near[i] * x3;
        f3 += here[i] * x3;
      }
      const std::int32_t of_near[lags] = {n0, n1, n2, n3}, of_far[lags] = {f0, f1, f2, f3};
      for (std::size_t k = 0; k < lags; ++k) {
        sums[lag + k - 1] += of_near[k];
        sums[apart + lag + k - 1] += of_far[k];
      }
    }
  }
  for (std::size_t lag = 1; lag <= apart; ++lag)
    for (std::size_t i = 0; i < apart; ++i)
      sums[lag - 1] += x[i] * (x[i + lag] - centre) - x[products + i] * (x[products + i + lag] - centre);
}

LIGHTSEED_CLONES("avx2") std::int32_t sum_of(const std::int16_t* x, std::size_t count) {
  std::int32_t sum = 0;  // of 2^15 numbers of nine bits
  for (std::size_t i = 0; i < count; ++i)
    sum += x[i];
  return sum;
}

/// Codes as numbers with a sign; more than nine bits would be no code that was asked for, and are cut.
LIGHTSEED_CLONES("avx2")
void copy(const std::uint8_t* __restrict samples, std::size_t count, std::int16_t* __restrict out) {
  for (std::size_t i = 0; i < count; ++i)
    out[i] = samples[i];
}
LIGHTSEED_CLONES("avx2")
void copy(const std::uint16_t* __restrict samples, std::size_t count, std::int16_t* __restrict out) {
  constexpr std::uint16_t most = 511;
  for (std::size_t i = 0; i < count; ++i)
    out[i] = static_cast<std::int16_t>(std::min(samples[i], most));
}

/// Memory that a source should not have: lost bandwidth, a tone, samples that alternate.
class CorrelationMonitor final : public BlockMonitor {
 public:
  CorrelationMonitor(Settings settings, const Reference& reference)
      : BlockMonitor(std::move(settings)),
        mean_(mean_of(reference)),
        centre_(static_cast<int>(std::lround(mean_))),
        variance_(variance_of(reference)),
        scale_(static_cast<float>(1 / std::sqrt(variance_))),
        small_(reference.law.size() <= 256),
        whole_(small_ ? needed : 0),
        wide_(small_ ? 0 : needed) {
    std::copy_n(reference.correlation.begin(), std::min(reference.correlation.size(), monitor_lags), expected_.begin());
  }

 protected:
  void add(std::span<const std::uint8_t> samples) override { take(samples); }
  void add(std::span<const std::uint16_t> samples) override { take(samples); }
  double measure() override {
    const std::array<double, monitor_lags> sums = small_ ? of_whole() : of_wide();
    filled_ = 0;
    double worst = 0;
    for (std::size_t k = 0; k < monitor_lags; ++k)
      worst = std::max(worst, std::abs(sums[k] / static_cast<double>(products) - expected_[k]));
    return worst;
  }
  void forget() override { filled_ = 0; }

 private:
  static constexpr std::size_t needed = products + monitor_lags + 8;

  double mean_;
  int centre_;  ///< the code next to it
  double variance_;
  float scale_;
  bool small_;  ///< codes are of eight bits at most, in whatever width they come
  std::array<double, monitor_lags> expected_{};
  std::vector<std::int16_t> whole_;  ///< small ones, as they are
  std::vector<float> wide_;          ///< others, in standard deviations about the mean
  std::size_t filled_ = 0;

  template <typename Code>
  void take(std::span<const Code> samples) {
    const std::size_t count = std::min(samples.size(), needed - filled_);
    if (small_) {
      copy(samples.data(), count, whole_.data() + filled_);
    } else {
      float* const out = wide_.data() + filled_;
      const auto centre = static_cast<float>(mean_);
      for (std::size_t i = 0; i < count; ++i)
        out[i] = (static_cast<float>(samples[i]) - centre) * scale_;
    }
    filled_ += count;
  }

  [[nodiscard]] std::array<double, monitor_lags> of_wide() const {
    std::array<double, monitor_lags> sums{};
    lagged_products(wide_.data(), sums.data());
    return sums;
  }

  /// Products about the mean, from those about `centre_`, `off` away from it: sum (x - off) (y - off) = sum x y - off
  /// (sum x + sum y) + n off^2.
  [[nodiscard]] std::array<double, monitor_lags> of_whole() const {
    std::array<std::int64_t, monitor_lags> products_of{};
    lagged_products(whole_.data(), static_cast<std::int16_t>(centre_), products_of.data());
    const double off = mean_ - centre_;
    const std::int64_t first = sum_of(whole_.data(), products) - centre_ * std::int64_t{products};
    std::int64_t later = first;
    std::array<double, monitor_lags> sums{};
    for (std::size_t k = 0; k < monitor_lags; ++k) {
      later += whole_[products + k] - whole_[k];
      const std::int64_t about_centre = products_of[k] - centre_ * later;
      sums[k] = (static_cast<double>(about_centre) - off * static_cast<double>(first + later) +
                 off * off * static_cast<double>(products)) /
                variance_;
    }
    return sums;
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
