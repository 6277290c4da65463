// SPDX-License-Identifier: Apache-2.0
#include "driver/simulated/frame/converter.h"

#include <cstddef>
#include <numbers>

#include "driver/simulated/frame/cells.h"

namespace lightseed::simulated {

double normal_cdf(double x) noexcept {
  return std::erfc(-x / std::numbers::sqrt2) / 2;
}

std::vector<double> marginal_law(const ConvertedSignal& signal) {
  const std::uint32_t codes = signal.converter.codes();
  std::vector<double> below(codes + 1, 0.0);
  if (signal.noise > 0) {
    const Cells cells(signal, signal.converter.bits <= 8 ? 32 : 8);
    double covered = 0;
    for (std::ptrdiff_t cell = -cells.most(); cell < cells.most(); ++cell) {
      const double mass = cells.mass(cell);
      covered += mass;
      for (std::uint32_t code = 1; code < codes; ++code)
        below[code] += mass * (cells.below(code, cell) + cells.below(code, cell + 1)) / 2;
    }
    for (double& p : below)
      p /= covered;
  } else {
    for (std::uint32_t code = 1; code < codes; ++code)
      below[code] = signal.cdf(signal.converter.edge(code) - signal.offset);
  }
  below[codes] = 1;
  std::vector<double> law(codes);
  for (std::uint32_t code = 0; code < codes; ++code)
    law[code] = std::max(0.0, below[code + 1] - below[code]);
  return law;
}

std::uint16_t likeliest_code(const ConvertedSignal& signal, double e, std::span<const double> candidates) {
  const double last = signal.converter.codes() - 1;
  const double shift = signal.offset + e;
  double best = signal.cdf(signal.converter.edge(1) - shift);
  double likeliest = 0;
  const auto consider = [&](double code, double p) {
    if (p > best) {
      best = p;
      likeliest = code;
    }
  };
  consider(last, 1 - signal.cdf(signal.converter.edge(last) - shift));
  for (const double code : candidates) {
    if (code <= 0 || code >= last) continue;
    consider(code,
             signal.cdf(signal.converter.edge(code + 1) - shift) - signal.cdf(signal.converter.edge(code) - shift));
  }
  return static_cast<std::uint16_t>(likeliest);
}

double bits_of(double probability) noexcept {
  return std::max(0.0, -std::log2(std::min(1.0, probability)));
}

double min_entropy_of(const std::vector<double>& law) {
  return -std::log2(*std::max_element(law.begin(), law.end()));
}

double log2_beyond(double bound) {
  return std::log2(std::erfc(bound / std::numbers::sqrt2));
}

}  // namespace lightseed::simulated
