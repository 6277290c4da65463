// SPDX-License-Identifier: Apache-2.0
#include "driver/simulated/phase_noise/model.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace lightseed::simulated {
namespace {

/// exp(-k^2 s^2 / 2) falls below 1e-18 from this k on.
int terms(double deviation) {
  return static_cast<int>(std::ceil(9.2 / deviation));
}

}  // namespace

double PhaseNoiseModel::cdf(double x) const {
  if (visibility <= 0) return x < 0 ? 0 : 1;
  if (x >= visibility) return 1;
  if (x <= -visibility) return 0;
  // The wrapped normal's Fourier series, integrated over the angles whose cosine is above x / V.
  const double angle = std::acos(x / visibility);
  double above = angle;
  for (int k = 1; k <= terms(phase_deviation); ++k) {
    above +=
        2 * std::exp(-k * k * phase_deviation * phase_deviation / 2) * std::cos(k * phase) * std::sin(k * angle) / k;
  }
  return std::clamp(1 - above / std::numbers::pi, 0.0, 1.0);
}

double PhaseNoiseModel::excess() const {
  double ratio = 1;
  for (int k = 1; k <= terms(phase_deviation); ++k)
    ratio += 2 * std::exp(-k * k * phase_deviation * phase_deviation / 2);
  return ratio;
}

ConvertedSignal PhaseNoiseModel::signal() const {
  return {.converter = {bits, -1, std::ldexp(2.0, -static_cast<int>(bits))},
          .cdf = [model = *this](double x) { return model.cdf(x); },
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
