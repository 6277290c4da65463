// SPDX-License-Identifier: Apache-2.0
#include "stats/whole_file/power_spectrum.h"

#include <cmath>
#include <numbers>

namespace lightseed::stats {
namespace {

/// Parzen's window at distance `share` (0 to 1) of its length.
double parzen(double share) {
  const double rest = 1 - share;
  return share <= 0.5 ? 1 - 6 * share * share * rest : 2 * rest * rest * rest;
}

}  // namespace

PowerSpectrum power_spectrum_of(std::span<const double> correlations, std::uint64_t pairs) {
  constexpr std::size_t circle = 2 * (power_spectrum_points - 1);
  std::vector<double> cosine(circle);
  for (std::size_t k = 0; k < circle; ++k)
    cosine[k] = std::cos(2 * std::numbers::pi * static_cast<double>(k) / static_cast<double>(circle));
  std::vector<double> window(correlations.size());
  for (std::size_t k = 0; k < window.size(); ++k)
    window[k] = parzen(static_cast<double>(k + 1) / static_cast<double>(window.size() + 1));

  PowerSpectrum spectrum;
  for (std::size_t point = 0; point < power_spectrum_points; ++point) {
    double power = 1;
    double variance = 0;
    for (std::size_t k = 0; k < correlations.size(); ++k) {
      const double factor = 2 * window[k] * cosine[point * (k + 1) % circle];
      power += factor * correlations[k];
      variance += factor * factor / static_cast<double>(pairs);
    }
    spectrum.power.push_back(power);
    spectrum.deviation.push_back(std::sqrt(variance));
  }
  return spectrum;
}

}  // namespace lightseed::stats
