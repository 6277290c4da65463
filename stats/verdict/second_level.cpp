// SPDX-License-Identifier: Apache-2.0
#include "stats/verdict/second_level.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include "stats/sequence/classes.h"
#include "stats/special/binomial.h"

namespace lightseed::stats {
namespace {

/// From here on the chi-square of bins takes so many values that a value near 0 means: too even.
constexpr std::uint64_t least_for_evenness = 1000;

double true_probability(const Calibration& calibration, double p) {
  return calibration.truth != nullptr ? calibration.truth(p) : p;
}

/// P_T with the bins' expectations as they truly are.
double true_uniformity(const AuditItem& item, const Calibration& calibration) {
  if (calibration.truth == nullptr) return uniformity(item);
  std::array<double, 10> expected{};
  double before = 0;
  for (std::size_t k = 0; k < expected.size(); ++k) {
    const double until = k + 1 == expected.size() ? 1 : calibration.truth(static_cast<double>(k + 1) / 10);
    expected[k] = until - before;
    before = until;
  }
  return classes_p(item.bins, expected);
}

/// P(at least one of n independent events of probability p).
double any_of(double p, std::uint64_t n) {
  return p >= 1 ? 1 : -std::expm1(static_cast<double>(n) * std::log1p(-p));
}

}  // namespace

void add(AuditItem& item, double p, double binned) {
  ++item.sequences;
  item.below += p < significance ? 1 : 0;
  item.above += p > 1 - significance ? 1 : 0;
  item.least = std::min(item.least, p);
  item.greatest = std::max(item.greatest, p);
  ++item.bins[static_cast<std::size_t>(std::clamp(std::floor(binned * 10), 0.0, 9.0))];
}

void append(AuditItem& item, const AuditItem& part) {
  item.sequences += part.sequences;
  item.below += part.below;
  item.above += part.above;
  item.least = std::min(item.least, part.least);
  item.greatest = std::max(item.greatest, part.greatest);
  for (std::size_t k = 0; k < item.bins.size(); ++k)
    item.bins[k] += part.bins[k];
}

double uniformity(const AuditItem& item) {
  static const std::array<double, 10> equal = [] {
    std::array<double, 10> tenths{};
    tenths.fill(0.1);
    return tenths;
  }();
  return classes_p(item.bins, equal);
}

double joint_probability(const AuditItem& item, const Calibration& calibration) {
  if (item.sequences == 0) return 1;
  std::vector<double> looks{
      binomial_two_sided(item.below, item.sequences, true_probability(calibration, significance)),
      binomial_two_sided(item.above, item.sequences, 1 - true_probability(calibration, 1 - significance)),
      any_of(true_probability(calibration, item.least), item.sequences)};
  if (calibration.fine) looks.push_back(any_of(1 - item.greatest, item.sequences));
  if (item.sequences >= least_for_uniformity) {
    const double p = true_uniformity(item, calibration);
    looks.push_back(item.sequences >= least_for_evenness ? 2 * std::min(p, 1 - p) : p);
  }
  const double worst = *std::min_element(looks.begin(), looks.end());
  return std::clamp(worst * static_cast<double>(looks.size()), 0.0, 1.0);
}

}  // namespace lightseed::stats
