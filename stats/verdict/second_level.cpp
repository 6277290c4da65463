// SPDX-License-Identifier: Apache-2.0
#include "stats/verdict/second_level.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "stats/special/binomial.h"
#include "stats/special/gamma.h"

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
  const auto sequences = static_cast<double>(item.sequences);
  double chi = 0;
  double before = 0;
  for (std::size_t k = 0; k < item.bins.size(); ++k) {
    const double until = k + 1 == item.bins.size() ? 1 : calibration.truth(static_cast<double>(k + 1) / 10);
    const double expected = sequences * (until - before);
    before = until;
    const double excess = static_cast<double>(item.bins[k]) - expected;
    chi += excess * excess / expected;
  }
  return chi_square_tail(chi, 9);
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

void add(AuditItem& item, const AuditItem& other) {
  item.sequences += other.sequences;
  item.below += other.below;
  item.above += other.above;
  item.least = std::min(item.least, other.least);
  item.greatest = std::max(item.greatest, other.greatest);
  for (std::size_t k = 0; k < item.bins.size(); ++k)
    item.bins[k] += other.bins[k];
}

double uniformity(const AuditItem& item) {
  const double expected = static_cast<double>(item.sequences) / 10;
  double chi = 0;
  for (const std::uint64_t bin : item.bins) {
    const double excess = static_cast<double>(bin) - expected;
    chi += excess * excess / expected;
  }
  return chi_square_tail(chi, 9);
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
