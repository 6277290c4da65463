// SPDX-License-Identifier: Apache-2.0
#include "stats/health/measured_reference.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/error.h"
#include "stats/health/monitors/batch_fourier.h"

namespace lightseed::health {
namespace {

constexpr std::size_t batch = 4096;
constexpr std::size_t least_blocks = 8;
/// Batches are few, so that their variance may be underestimated by a fifth.
constexpr double of_caution = 1.5;

/// The variance of the means of batches, relative to that of independent samples.
template <typename Value>
double memory_of(std::span<const std::uint16_t> samples, Value&& value) {
  const std::size_t batches = samples.size() / batch;
  double all = 0, squares = 0;
  std::vector<double> means(batches);
  for (std::size_t b = 0; b < batches; ++b) {
    for (std::size_t i = 0; i < batch; ++i) {
      const double x = value(samples[b * batch + i]);
      means[b] += x;
      squares += x * x;
    }
    all += means[b];
    means[b] /= static_cast<double>(batch);
  }
  const auto count = static_cast<double>(batches * batch);
  const double mean = all / count;
  const double variance = squares / count - mean * mean;
  if (!(variance > 0)) return 1;
  double between = 0;
  for (const double m : means)
    between += (m - mean) * (m - mean);
  return between / static_cast<double>(batches - 1) * static_cast<double>(batch) / variance;
}

std::vector<double> correlation_of(const std::vector<float>& x, double variance) {
  std::vector<double> correlation(monitor_lags);
  for (std::size_t lag = 1; lag <= monitor_lags; ++lag) {
    double sum = 0;
    for (std::size_t i = 0; i + lag < x.size(); ++i)
      sum += static_cast<double>(x[i] * x[i + lag]);
    correlation[lag - 1] = sum / (variance * static_cast<double>(x.size() - lag));
  }
  return correlation;
}

/// Averaged over 33 neighbouring frequencies, so that it is known to a few per cent.
std::vector<double> spectrum_of(const std::vector<float>& x, double variance) {
  constexpr std::size_t bins = monitor_segment / 2 + 1;
  constexpr std::size_t reach = 16;
  BatchFourier fourier;
  std::vector<double> power(bins);
  std::vector<float> here(bins);
  for (std::size_t at = 0; at + monitor_block <= x.size(); at += monitor_block) {
    fourier.powers(x.data() + at, here.data());
    for (std::size_t k = 0; k < bins; ++k)
      power[k] += static_cast<double>(here[k]);
  }
  const std::size_t segments = x.size() / monitor_block * (monitor_block / monitor_segment);
  const double flat = variance * static_cast<double>(monitor_segment) * 3 / 8 * static_cast<double>(segments);
  std::vector<double> smooth(bins);
  for (std::size_t k = 0; k < bins; ++k) {
    const std::size_t from = std::max<std::size_t>(k > reach ? k - reach : 0, 2);
    const std::size_t to = std::min(k + reach, bins - 2);
    double sum = 0;
    for (std::size_t j = from; j <= to; ++j)
      sum += power[j];
    smooth[k] = sum / (flat * static_cast<double>(to - from + 1));
  }
  return smooth;
}

}  // namespace

Reference measured_reference(std::span<const std::uint16_t> samples, unsigned bits, double claim) {
  if (samples.size() < least_blocks * monitor_block) {
    throw Error(Category::not_enough_data, fmt::format("{} samples are too few to know a source by: {} at least",
                                                       samples.size(), least_blocks * monitor_block));
  }
  Reference reference{.law = std::vector<double>(std::size_t{1} << bits), .claim = claim};
  reference.measured_on = static_cast<double>(samples.size());
  for (const std::uint16_t sample : samples)
    reference.law.at(sample) += 1 / reference.measured_on;
  const double mean = mean_of(reference), variance = variance_of(reference);
  const auto deviation = [mean](std::uint16_t x) { return x - mean; };
  const auto square = [mean](std::uint16_t x) { return (x - mean) * (x - mean); };
  reference.memory = std::max({1.0, memory_of(samples, deviation), memory_of(samples, square)}) * of_caution;
  std::vector<float> centred;
  centred.reserve(samples.size());
  for (const std::uint16_t sample : samples)
    centred.push_back(static_cast<float>(sample - mean));
  reference.correlation = correlation_of(centred, variance);
  reference.spectrum = spectrum_of(centred, variance);
  return reference;
}

}  // namespace lightseed::health
