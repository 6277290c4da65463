#include "driver/simulated/homodyne/model.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace lightseed::simulated {
namespace {

/// P(N(0,1) <= x), with full relative accuracy in the lower tail.
double normal_cdf(double x) noexcept {
  return std::erfc(-x / std::numbers::sqrt2) / 2;
}

}  // namespace

double HomodyneModel::classical_deviation() const noexcept {
  return std::pow(10.0, -qcnr_db / 20);
}

double HomodyneModel::worst_case_min_entropy() const noexcept {
  const double step = range / 128;
  const double reach = noise_bound * classical_deviation();
  // The likeliest code given E: the lower end code at the lowest E, an inner code with E on its centre, or the upper
  // end code at the highest E.
  const double lower_end = normal_cdf(-range + step / 2 - (offset - reach));
  const double inner = std::erf(step / (2 * std::numbers::sqrt2));
  const double upper_end = normal_cdf(-(range - 3 * step / 2 - (offset + reach)));
  return -std::log2(std::max({lower_end, inner, upper_end}));
}

double HomodyneModel::marginal_min_entropy() const {
  const auto probabilities = code_probabilities();
  return -std::log2(*std::max_element(probabilities.begin(), probabilities.end()));
}

std::array<double, 256> HomodyneModel::code_probabilities() const {
  const double step = range / 128;
  const double deviation = std::hypot(1.0, classical_deviation());
  const auto below = [&](double edge) { return normal_cdf((edge - offset) / deviation); };
  const auto above = [&](double edge) { return normal_cdf(-(edge - offset) / deviation); };
  std::array<double, 256> probabilities;
  for (int stored = 0; stored < 256; ++stored) {
    const int code = stored - 128;
    const double low = (code - 0.5) * step;
    const double high = (code + 0.5) * step;
    double& p = probabilities[static_cast<std::size_t>(stored)];
    if (stored == 0) {
      p = below(high);
    } else if (stored == 255) {
      p = above(low);
    } else {
      // The difference of the smaller tails keeps its digits.
      p = low > offset ? above(low) - above(high) : below(high) - below(low);
    }
  }
  return probabilities;
}

}  // namespace lightseed::simulated
