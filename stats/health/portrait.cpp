// SPDX-License-Identifier: Apache-2.0
#include "stats/health/portrait.h"

#include <algorithm>
#include <cmath>

#include "stats/health/monitors/batch_fourier.h"
#include "stats/health/reference.h"

namespace lightseed::health {
namespace {

constexpr unsigned most_ranges_log2 = 6;
constexpr std::size_t bands = 64;
constexpr std::size_t least_for_correlation = 1024;
constexpr double quietest_db = -60;

std::vector<double> autocorrelation_of(const std::vector<float>& centred, double variance) {
  std::vector<double> all;
  for (std::size_t lag = 1; lag <= monitor_lags; ++lag) {
    double sum = 0;
    for (std::size_t i = 0; i + lag < centred.size(); ++i)
      sum += static_cast<double>(centred[i] * centred[i + lag]);
    all.push_back(sum / (variance * static_cast<double>(centred.size() - lag)));
  }
  return all;
}

std::vector<double> periodogram_of(const std::vector<float>& centred, double variance) {
  constexpr std::size_t bins = monitor_segment / 2 + 1;
  BatchFourier fourier;
  std::vector<float> power(bins);
  std::vector<double> sum(bands);
  constexpr std::size_t segments_a_block = monitor_block / monitor_segment;
  constexpr std::size_t bins_a_band = (bins - 1) / bands;
  std::size_t segments = 0;
  for (std::size_t at = 0; at + monitor_block <= centred.size(); at += monitor_block) {
    fourier.powers(centred.data() + at, power.data());
    for (std::size_t k = 1; k < bins; ++k)
      sum[(k - 1) * bands / (bins - 1)] += static_cast<double>(power[k]);
    segments += segments_a_block;
  }
  const double flat = variance * static_cast<double>(monitor_segment) * 3 / 8 * static_cast<double>(segments) *
                      static_cast<double>(bins_a_band);
  for (double& band : sum)
    band = std::max(quietest_db, 10 * std::log10(std::max(band / flat, 1e-9)));
  return sum;
}

}  // namespace

Portrait portrait_of(std::span<const std::uint16_t> samples, unsigned bits) {
  Portrait portrait{.samples = samples.size()};
  std::vector<std::uint64_t> counts(std::size_t{1} << bits);
  for (const std::uint16_t sample : samples)
    ++counts.at(sample);
  const unsigned shift = bits > most_ranges_log2 ? bits - most_ranges_log2 : 0;
  portrait.histogram.resize(counts.size() >> shift);
  const auto total = static_cast<double>(samples.size());
  for (std::size_t c = 0; c < counts.size(); ++c) {
    portrait.histogram[c >> shift] += counts[c];
    portrait.mean += static_cast<double>(counts[c]) * static_cast<double>(c) / total;
  }
  for (std::size_t c = 0; c < counts.size(); ++c) {
    const double off = static_cast<double>(c) - portrait.mean;
    portrait.variance += static_cast<double>(counts[c]) * off * off / total;
  }
  // No minus in front of a nought.
  portrait.min_entropy = std::log2(total / static_cast<double>(*std::max_element(counts.begin(), counts.end())));
  if (!(portrait.variance > 0) || samples.size() < least_for_correlation) return portrait;
  std::vector<float> centred;
  centred.reserve(samples.size());
  for (const std::uint16_t sample : samples)
    centred.push_back(static_cast<float>(sample - portrait.mean));
  portrait.correlation = autocorrelation_of(centred, portrait.variance);
  if (samples.size() >= monitor_block) portrait.spectrum = periodogram_of(centred, portrait.variance);
  return portrait;
}

}  // namespace lightseed::health
