// SPDX-License-Identifier: Apache-2.0
#include "driver/simulated/phase_noise/model.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numbers>
#include <vector>

namespace lightseed::simulated {
namespace {

/// exp(-k^2 s^2 / 2) falls below 1e-18 from this k on. A phase that deviates by less than 0.05 stands still.
int terms(double deviation) {
  return static_cast<int>(std::ceil(std::min(184.0, 9.2 / deviation)));
}

double coefficient(double deviation, int k) {
  return 2 * std::exp(-k * k * deviation * deviation / 2);
}

/// sum of w_k sin(k angle), k from 1, by Clenshaw's recursion.
double sine_series(const std::vector<double>& w, double angle) {
  const double twice = 2 * std::cos(angle);
  double next = 0;
  double after = 0;
  for (std::size_t k = w.size(); k-- > 0;) {
    const double here = w[k] + twice * next - after;
    after = next;
    next = here;
  }
  return next * std::sin(angle);
}

}  // namespace

double PhaseNoiseModel::excess() const {
  double ratio = 1;
  for (int k = 1; k <= terms(phase_deviation); ++k)
    ratio += coefficient(phase_deviation, k);
  return ratio;
}

ConvertedSignal PhaseNoiseModel::signal() const {
  // The wrapped normal's Fourier series, integrated over the angles whose cosine is above x / V.
  std::vector<double> series;
  for (int k = 1; k <= terms(phase_deviation); ++k)
    series.push_back(coefficient(phase_deviation, k) * std::cos(k * phase) / k);
  const auto cdf = [v = visibility, series](double x) {
    if (v <= 0) return x < 0 ? 0.0 : 1.0;
    if (x >= v) return 1.0;
    if (x <= -v) return 0.0;
    const double angle = std::acos(x / v);
    return std::clamp(1 - (angle + sine_series(series, angle)) / std::numbers::pi, 0.0, 1.0);
  };
  return {.converter = {bits, -1, std::ldexp(2.0, -static_cast<int>(bits))},
          .cdf = cdf,
          .reach = visibility,
          .noise = noise,
          .offset = offset};
}

ConditionalMinEntropy PhaseNoiseModel::conditional() const {
  if (!pulsed) return conditional_min_entropy(signal(), bound);
  PhaseNoiseModel uniform = *this;
  uniform.phase_deviation = 100;
  const ConditionalMinEntropy ideal = conditional_min_entropy(uniform.signal(), bound);
  const double loss = std::log2(excess());
  return {std::max(0.0, ideal.average - loss), std::max(0.0, ideal.worst - loss)};
}

}  // namespace lightseed::simulated
