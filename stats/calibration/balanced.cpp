// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <vector>

#include "core/error.h"
#include "evidence/model_claim.h"
#include "stats/calibration/gaussian.h"
#include "stats/calibration/level.h"
#include "stats/calibration/noise_law.h"
#include "stats/calibration/polynomial_fit.h"

namespace lightseed::calibration {
namespace {

/// Standard deviations of a correlation that chance makes among 32, once in some 10^10 calibrations.
constexpr double of_chance = 7;

/// A level's variance with what the converter cut off put back, and its error.
struct Variance {
  double value, error;
};

Variance variance_at(const CalibrationLevel& level, unsigned bits) {
  const double value = unclipped_variance(level, bits);
  return {value, error_of_variance(level) * value / level.autocovariance[0]};
}

PolynomialFit fit_variances(const CalibrationRecord& record) {
  std::vector<double> powers, variances, errors;
  for (const CalibrationLevel& level : record.levels) {
    const Variance here = variance_at(level, record.device.format.bits);
    powers.push_back(level.power);
    variances.push_back(here.value);
    errors.push_back(here.error);
  }
  return fit_polynomial(powers, variances, errors, 2);
}

/// A bound from below of what is new in each sample. The spectrum of the quantum part is taken lower everywhere by what
/// it may be wrong by, which takes the same from lag 0: by Kolmogorov and Szegö what is new gets less with it.
double least_innovation(const CalibrationRecord& record, const PolynomialFit& fit) {
  const CalibrationLevel &dark = record.levels.front(), &lit = record.levels.back();
  const unsigned bits = record.device.format.bits;
  const Variance all = variance_at(lit, bits), electronic = variance_at(dark, bits);
  const double by_fit = fit.values[1] - record.bound * fit.errors[1];
  const double by_ends = all.value - record.bound * all.error - electronic.value - record.bound * electronic.error;
  const double unclipped = all.value / lit.autocovariance[0];
  const double lags = 2 * static_cast<double>(calibration_lags) + 1;
  const double spectrum = record.bound * all.value * std::sqrt(2 * lags / static_cast<double>(lit.samples));
  std::array<double, calibration_lags + 1> quantum{};
  quantum[0] = std::min(by_fit, by_ends) - spectrum;
  for (std::size_t lag = 1; lag <= calibration_lags; ++lag)
    quantum[lag] = (lit.autocovariance[lag] - dark.autocovariance[lag]) * unclipped;
  return quantum[0] > 0 ? innovation_variance(quantum) : 0;
}

void note_parameters(CalibrationRecord& record, const PolynomialFit& fit, double innovation) {
  const CalibrationLevel &dark = record.levels.front(), &lit = record.levels.back();
  const auto in_db = [](double ratio) { return 10 * std::log10(ratio); };
  constexpr double db_of_relative = 10 / std::numbers::ln10;
  const double qcnr_error =
      db_of_relative * std::hypot(fit.errors[1] / fit.values[1], fit.errors[0] / std::abs(fit.values[0]));
  const double clearance_error = db_of_relative * std::hypot(error_of_variance(lit) / lit.autocovariance[0],
                                                             error_of_variance(dark) / dark.autocovariance[0]);
  const double correlation = (lit.autocovariance[1] - dark.autocovariance[1]) / fit.values[1];
  const double centre = std::ldexp(1.0, static_cast<int>(record.device.format.bits) - 1);
  record.parameters = {
      {"electronic_noise", fit.values[0], fit.errors[0], "codes^2"},
      {"shot_noise", fit.values[1], fit.errors[1], "codes^2 at usual power"},
      {"excess_noise", fit.values[2], fit.errors[2], "codes^2 at usual power, growing with its square"},
      {"qcnr", in_db(fit.values[1] / std::max(fit.values[0], 1e-12)), qcnr_error, "dB"},
      {"clearance", in_db(lit.autocovariance[0] / dark.autocovariance[0]), clearance_error, "dB"},
      {"offset", lit.mean - centre, error_of_mean(lit), "codes from the converter's middle"},
      {"dark_offset", dark.mean - centre, error_of_mean(dark), "codes from the converter's middle"},
      {"correlation", correlation, 1 / std::sqrt(static_cast<double>(lit.samples)),
       "of neighbouring samples of the quantum noise"},
      {"innovation", innovation, 0, "codes^2 that the past does not tell; a bound from below"}};
  const double chance = of_chance / std::sqrt(static_cast<double>(lit.samples));
  if (correlation > chance) {
    record.parameters.push_back({"bandwidth", -std::log(std::min(correlation, 0.9999)) / (2 * std::numbers::pi),
                                 1 / (correlation * 2 * std::numbers::pi * std::sqrt(static_cast<double>(lit.samples))),
                                 "3 dB over the sampling rate, if it has one pole"});
  }
}

}  // namespace

void conclude_balanced(CalibrationRecord& record) {
  const CalibrationLevel &dark = record.levels.front(), &lit = record.levels.back();
  const unsigned bits = record.device.format.bits;
  if (strongest_correlation(dark) > of_chance) {
    throw Error(Category::verdict,
                "the dark noise is correlated in time: a hum, or a filter. Against noise that tells of the noise to "
                "come nothing can be claimed sample by sample");
  }
  const PolynomialFit fit = fit_variances(record);
  require_fit("the variances at the powers of the sweep", fit.misfit, fit.freedom);
  record.misfit = fit.misfit;
  record.freedom = fit.freedom;
  const double innovation = least_innovation(record, fit);
  if (!(innovation > 0)) {
    throw Error(Category::verdict,
                fmt::format("no shot noise can be told from the rest: the part of the variance that grows with the "
                            "power is {:.4g} ± {:.2g} codes^2. Is the light on?",
                            fit.values[1], fit.errors[1]));
  }
  note_parameters(record, fit, innovation);

  const Variance all = variance_at(lit, bits);
  const double most = all.value + record.bound * all.error;
  // The offset that is worse, by what the mean may be wrong.
  const double shift = record.bound * error_of_mean(lit);
  const double middle = lit.mean + (lit.mean > std::ldexp(1.0, static_cast<int>(bits) - 1) ? shift : -shift);
  const KnownSignal signal{.middle = middle, .known = most - innovation, .fresh = innovation, .bits = bits};
  // More end codes than Gauss would have: all of them are known.
  const double top = std::ldexp(1.0, static_cast<int>(bits)) - 1, deviation = std::sqrt(most);
  const double expected_ends = std::erfc((middle - 0.5) / deviation / std::numbers::sqrt2) / 2 +
                               std::erfc((top - 0.5 - middle) / deviation / std::numbers::sqrt2) / 2;
  const double surplus = std::max(0.0, most_ends(lit, record.bound) - expected_ends);
  const double average = -std::log2(std::min(1.0, average_guess(signal) + surplus));
  const double memory = std::max(0.0, (lit.autocovariance[1] - dark.autocovariance[1]) / fit.values[1] +
                                          record.bound / std::sqrt(static_cast<double>(lit.samples)));
  const double run = run_guess(middle, most, std::min(memory, 0.9999), variance_at(dark, bits).value, bits);
  const double marginal = marginal_of(record.reference);
  const double claim = std::max(0.0, std::min({average, run > 0 ? -std::log2(run) : average, marginal}));
  record.claim = {
      .bits_per_sample = claim,
      .basis = MinEntropy::Basis::modelled,
      .method = fmt::format("calibration of this unit: average conditional min-entropy of a code given the electronic "
                            "noise, the laser's own noise and all quantum noise of the past (Haw et al., "
                            "arXiv:1411.4512; Gehring et al., Nat. Commun. 12, 605), every fitted parameter taken {} "
                            "standard deviations to its worse side",
                            record.bound),
      .assumptions = {"against side information for which the model holds: classical noise known to the adversary",
                      "what grows in proportion to the light's power is quantum noise, Gaussian and stationary",
                      "the electronic noise is Gaussian and independent from sample to sample",
                      "the converter's steps are all alike", "the unit is as it was when it was calibrated"},
      .details = to_json(ModelClaim{
          .marginal = std::max(marginal, claim),
          .average_conditional = claim,
          .worst_case_conditional = std::min(claim, std::max(0.0, -std::log2(worst_guess(signal, record.bound)))),
          .worst_case_failure_log2 = std::log2(std::erfc(record.bound / std::numbers::sqrt2)),
          .rate = 0,
          .side_information = "all classical noise before the converter, and all samples before"})};
}

}  // namespace lightseed::calibration
