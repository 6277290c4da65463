// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <vector>

#include "core/error.h"
#include "evidence/model_claim.h"
#include "stats/calibration/level.h"
#include "stats/calibration/noise_law.h"
#include "stats/calibration/polynomial_fit.h"

namespace lightseed::calibration {
namespace {

/// A level whose codes pile up at an end says nothing of mean and variance: an image sensor's dark one often does.
constexpr double most_piled = 1e-5;
constexpr double pixels_of_chance = 7;

/// The most that `adjacent` numbers in a row have together in Poisson's law.
double most_of_adjacent(double mean, unsigned adjacent) {
  const auto p = [mean](double n) { return std::exp(n * std::log(mean) - mean - std::lgamma(n + 1)); };
  double most = 0;
  const double mode = std::floor(mean);
  const double least = std::max(0.0, mode - adjacent - 1);
  const auto steps = static_cast<unsigned>(mode + 1 - least);
  for (unsigned step = 0; step <= steps; ++step) {
    const double first = least + step;
    double sum = 0;
    for (unsigned i = 0; i < adjacent; ++i)
      sum += p(first + i);
    most = std::max(most, sum);
  }
  return std::min(1.0, most);
}

/// The probability of the likeliest code, the read noise known: at worst ceil(1 / gain) numbers share a code. Read
/// noise that covers the code evenly makes it 1 / gain of them on average; how evenly, its variance says.
double guess_of(double electrons, double gain, double read_variance) {
  const double together = 1 / gain;
  const auto fewer = static_cast<unsigned>(std::max(1.0, std::floor(together)));
  const auto more = static_cast<unsigned>(std::ceil(std::max(1.0, together)));
  const double worst = most_of_adjacent(electrons, more);
  const double part = std::clamp(together - fewer, 0.0, 1.0);
  double unevenness = 1;
  for (int k = 1; k <= 8; ++k)
    unevenness += 2 * std::exp(-2 * std::numbers::pi * std::numbers::pi * read_variance * k * k);
  return std::min(worst, unevenness * ((1 - part) * most_of_adjacent(electrons, fewer) + part * worst));
}

/// A value and its standard deviation.
struct Figure {
  double value, error;
};

}  // namespace

void conclude_counted(CalibrationRecord& record) {
  std::vector<double> powers, means, mean_errors, variances, variance_errors;
  for (const CalibrationLevel& level : record.levels) {
    if (level.ends > most_piled) continue;
    powers.push_back(level.power);
    means.push_back(level.mean);
    mean_errors.push_back(error_of_mean(level));
    variances.push_back(level.autocovariance[0]);
    variance_errors.push_back(error_of_variance(level));
  }
  const CalibrationLevel& lit = record.levels.back();
  if (lit.ends > most_piled || strongest_correlation(lit) > pixels_of_chance) {
    throw Error(Category::verdict,
                fmt::format("counted electrons of the usual light are independent and fit the converter, and here the "
                            "end codes have a share of {:.3g} and the strongest correlation is {:.3g} times what "
                            "chance makes",
                            lit.ends, strongest_correlation(lit)));
  }
  const PolynomialFit mean = fit_polynomial(powers, means, mean_errors, 1);
  require_fit("the means at the powers of the sweep", mean.misfit, mean.freedom);
  const PolynomialFit variance = fit_polynomial(powers, variances, variance_errors, 1);
  require_fit("the variances at the powers of the sweep", variance.misfit, variance.freedom);
  record.misfit = mean.misfit + variance.misfit;
  record.freedom = mean.freedom + variance.freedom;
  if (!(mean.values[1] > record.bound * mean.errors[1]) || !(variance.values[1] > record.bound * variance.errors[1]))
    throw Error(Category::verdict, "mean and variance do not grow with the light: is it on?");

  const double a = variance.values[1], c = mean.values[1];
  const double relative = std::hypot(variance.errors[1] / a, mean.errors[1] / c);
  const Figure gain{a / c, a / c * relative};
  const Figure electrons{c / gain.value, c / gain.value * std::hypot(relative, mean.errors[1] / c)};
  const double read = std::max(0.0, variance.values[0] - record.bound * variance.errors[0] - 1.0 / 12);
  record.parameters = {{"electronic_noise", variance.values[0], variance.errors[0], "codes^2"},
                       {"shot_noise", a, variance.errors[1], "codes^2 at usual power"},
                       {"signal", c, mean.errors[1], "codes at usual power"},
                       {"gain", gain.value, gain.error, "codes an electron"},
                       {"electrons", electrons.value, electrons.error, "at usual power"},
                       {"offset", mean.values[0], mean.errors[0], "codes without light"}};
  const double least_gain = gain.value - record.bound * gain.error;
  const double least_electrons = electrons.value - record.bound * electrons.error;
  if (!(least_gain > 0) || !(least_electrons > 1)) {
    throw Error(Category::verdict, fmt::format("{:.3g} ± {:.2g} electrons are too few, or known too badly",
                                               electrons.value, electrons.error));
  }
  constexpr double smallest_gain = 1e-3;
  if (least_gain < smallest_gain) {
    throw Error(Category::verdict,
                fmt::format("a gain of {:.3g} codes an electron is below {}: no converter that counts "
                            "electrons has thousands of them in a code",
                            least_gain, smallest_gain));
  }
  const double ends = most_ends(lit, record.bound);
  const double worst =
      most_of_adjacent(least_electrons, static_cast<unsigned>(std::ceil(std::max(1.0, 1 / least_gain))));
  const double marginal = marginal_of(record.reference);
  const double average = -std::log2(std::min(1.0, guess_of(least_electrons, least_gain, read) + ends));
  const double claim = std::min(average, marginal);
  record.claim = {
      .bits_per_sample = claim,
      .basis = MinEntropy::Basis::modelled,
      .method = fmt::format("calibration of this unit: average conditional min-entropy of a code given the read noise, "
                            "that of Poisson's law, added up where electrons share a code (after Sanguinetti et al., "
                            "Phys. Rev. X 4, 031056), gain and electrons taken {} standard deviations to their worse "
                            "side",
                            record.bound),
      .assumptions = {"against side information for which the model holds: classical noise known to the adversary",
                      "electrons are Poisson, independent from pixel to pixel and frame to frame",
                      "the read noise is independent of the light", "all pixels are alike",
                      "the unit is as it was when it was calibrated"},
      .details = to_json(ModelClaim{.marginal = std::max(marginal, claim),
                                    .average_conditional = claim,
                                    .worst_case_conditional = std::min(claim, -std::log2(std::min(1.0, worst + ends))),
                                    .rate = 0,
                                    .side_information = "the read noise, and all samples before"})};
}

}  // namespace lightseed::calibration
