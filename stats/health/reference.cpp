// SPDX-License-Identifier: Apache-2.0
#include "stats/health/reference.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

namespace lightseed::health {
namespace {

/// Below it a probability is taken for this one: models' laws are exact to 1e-15 or so.
constexpr double least_share = 1e-13;
/// Standard deviations that a measured law may be wrong by.
constexpr double of_the_reference = 8;

struct Spread {
  double mean = 0;
  double deviation = 0;
};

Spread spread_of(std::span<const double> law, std::span<const double> values) {
  double mean = 0, square = 0, total = 0;
  for (std::size_t c = 0; c < law.size(); ++c) {
    total += law[c];
    mean += law[c] * values[c];
  }
  mean /= total;
  for (std::size_t c = 0; c < law.size(); ++c)
    square += law[c] * (values[c] - mean) * (values[c] - mean);
  return {mean, std::sqrt(square / total)};
}

/// log E exp(s u), u being the values in standard deviations from their mean.
double cumulant(std::span<const double> law, std::span<const double> values, const Spread& spread, double s) {
  double largest = 0;
  for (std::size_t c = 0; c < law.size(); ++c) {
    if (law[c] > 0) largest = std::max(largest, s * (values[c] - spread.mean) / spread.deviation);
  }
  double sum = 0;
  for (std::size_t c = 0; c < law.size(); ++c) {
    if (law[c] > 0) sum += law[c] * std::exp(s * (values[c] - spread.mean) / spread.deviation - largest);
  }
  return largest + std::log(sum);
}

/// The least (cumulant(s) + nats / n) / s over s > 0: what n samples exceed with exp(-nats) at most. It falls and then
/// rises with s; a golden section of log s finds its foot.
double chernoff(std::span<const double> law, std::span<const double> values, const Spread& spread, double nats,
                double n, double sign) {
  const auto bound = [&](double log_s) {
    const double s = std::exp(log_s);
    return (cumulant(law, values, spread, sign * s) + nats / n) / s;
  };
  const double middle = std::log(2 * nats / n) / 2;
  double low = middle - 5, high = middle + 5;
  constexpr double golden = 0.6180339887498949;
  double a = high - golden * (high - low), b = low + golden * (high - low);
  double at_a = bound(a), at_b = bound(b);
  while (high - low > 0.05) {
    if (at_a < at_b) {
      high = b;
      b = a;
      at_b = at_a;
      a = high - golden * (high - low);
      at_a = bound(a);
    } else {
      low = a;
      a = b;
      at_a = at_b;
      b = low + golden * (high - low);
      at_b = bound(b);
    }
  }
  return std::min(at_a, at_b);
}

}  // namespace

double mean_of(const Reference& reference) {
  double mean = 0;
  for (std::size_t c = 0; c < reference.law.size(); ++c)
    mean += reference.law[c] * static_cast<double>(c);
  return mean;
}

double variance_of(const Reference& reference) {
  const double mean = mean_of(reference);
  double variance = 0;
  for (std::size_t c = 0; c < reference.law.size(); ++c) {
    const double off = static_cast<double>(c) - mean;
    variance += reference.law[c] * off * off;
  }
  return variance;
}

Range block_range(const Reference& reference, std::span<const double> values, double alpha_log2) {
  const Spread spread = spread_of(reference.law, values);
  const double independent = static_cast<double>(monitor_block) / reference.memory;
  const double nats = (1 - alpha_log2) * std::numbers::ln2;  // each side has half
  const double own =
      reference.measured_on > 0 ? of_the_reference * std::sqrt(reference.memory / reference.measured_on) : 0;
  const double up = chernoff(reference.law, values, spread, nats, independent, 1) + own;
  const double down = chernoff(reference.law, values, spread, nats, independent, -1) + own;
  return {spread.mean - down * spread.deviation, spread.mean + up * spread.deviation};
}

Range share_range(const Reference& reference, double p, double alpha_log2) {
  const double share = std::clamp(p, least_share, 1 - least_share);
  Reference two = reference;
  two.law = {1 - share, share};
  const std::array<double, 2> values{0, 1};
  const Range range = block_range(two, values, alpha_log2);
  // What came once in a measurement of n may have a probability of a few times 1 / n.
  const double rare = reference.measured_on > 0 ? 60 * reference.memory / reference.measured_on : 0;
  return {std::max(0.0, range.low - rare), std::min(1.0, range.high + rare)};
}

}  // namespace lightseed::health
