// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <catch2/catch.hpp>
#include <cmath>
#include <random>
#include <vector>

#include "core/error.h"
#include "stats/calibration/gaussian.h"
#include "stats/calibration/level.h"
#include "stats/calibration/noise_law.h"
#include "stats/calibration/polynomial_fit.h"

using namespace lightseed;
using namespace lightseed::calibration;

TEST_CASE("a fit finds a polynomial, and its errors are those that many fits scatter by") {
  const std::array<double, 7> x{0, 0.25, 0.4, 0.55, 0.7, 0.85, 1};
  const std::array<double, 7> error{0.01, 0.01, 0.02, 0.02, 0.03, 0.03, 0.04};
  std::mt19937_64 random(3);
  std::normal_distribution<double> normal;
  constexpr int runs = 400;
  double sum = 0, squares = 0, misfit = 0, stated = 0;
  for (int run = 0; run < runs; ++run) {
    std::array<double, 7> y{};
    for (std::size_t i = 0; i < x.size(); ++i)
      y[i] = 0.2 + x[i] + 0.05 * x[i] * x[i] + error[i] * normal(random);
    const PolynomialFit fit = fit_polynomial(x, y, error, 2);
    sum += fit.values[1];
    squares += (fit.values[1] - 1) * (fit.values[1] - 1);
    misfit += fit.misfit;
    stated = fit.errors[1];
    REQUIRE(fit.freedom == 4);
  }
  CHECK(sum / runs == Approx(1).margin(5 * stated / std::sqrt(runs)));
  CHECK(std::sqrt(squares / runs) == Approx(stated).epsilon(0.15));
  CHECK(misfit / runs == Approx(4).epsilon(0.15));
  CHECK_THROWS_AS(fit_polynomial(std::span(x).first(3), std::span(error).first(3), std::span(error).first(3), 2),
                  Error);
  const std::array<double, 7> one_place{1, 1, 1, 1, 1, 1, 1};
  CHECK_THROWS_AS(fit_polynomial(one_place, error, error, 1), Error);
}

TEST_CASE("what the past does not tell: one pole, white noise, and no process at all") {
  for (const double rho : {0.0, 0.208, 0.533, 0.9}) {
    std::array<double, calibration_lags + 1> covariance{};
    for (std::size_t lag = 0; lag <= calibration_lags; ++lag)
      covariance[lag] = 7 * std::pow(rho, static_cast<double>(lag));
    CHECK(innovation_variance(covariance) == Approx(7 * (1 - rho * rho)).epsilon(1e-9));
  }
  std::array<double, calibration_lags + 1> impossible{};
  impossible[0] = 1;
  impossible[1] = 2;
  CHECK(innovation_variance(impossible) == 0);
}

TEST_CASE("what a converter cuts off is put back") {
  std::mt19937_64 random(4);
  std::normal_distribution<double> normal(120, 60);
  std::vector<std::uint16_t> samples(400'000);
  for (auto& sample : samples)
    sample = static_cast<std::uint16_t>(std::lround(std::clamp(normal(random), 0.0, 255.0)));
  const CalibrationLevel level = level_of(samples, 8, 1);
  CHECK(level.autocovariance[0] < 3400);
  CHECK(unclipped_variance(level, 8) == Approx(3600).epsilon(0.01));
  CHECK(level.ends == Approx(0.035).margin(0.005));
  CHECK(strongest_correlation(level) < 6);
  CHECK(error_of_mean(level) == Approx(std::sqrt(level.autocovariance[0] / 400'000)));
  CHECK_THROWS_AS(level_of(std::span(samples).first(1000), 8, 1), Error);
}

TEST_CASE("the variance before clipping: found for what a converter gives, and given up on for anything else") {
  CalibrationLevel level;
  level.mean = 128;
  for (const double variance : {0.0, 1e-320, 1e-30, 900.0, 1e9, 1e308}) {
    level.autocovariance[0] = variance;
    const double whole = unclipped_variance(level, 8);
    CHECK((std::isnan(whole) || whole >= variance));
  }
  level.autocovariance[0] = 400;
  CHECK(unclipped_variance(level, 8) == Approx(400).epsilon(1e-6));
}

TEST_CASE("counted electrons: thousands of them in a code are no converter's") {
  CalibrationRecord record;
  record.noise = "counted";
  for (const double power : {0.0, 0.2, 0.4, 0.6, 0.8, 1.0}) {
    CalibrationLevel level;
    level.power = power;
    level.samples = 1'000'000;
    level.mean = 100 + 1000 * power;
    level.autocovariance[0] = 1e-3 * (1 + power);
    level.fourth = 3 * level.autocovariance[0] * level.autocovariance[0];
    record.levels.push_back(level);
  }
  CHECK_THROWS_WITH(conclude_counted(record), Catch::Contains("codes an electron is below"));
}

TEST_CASE("the guess: published optimum of the homodyne detector, and its limits") {
  // Eight bits, no classical noise, half the range 2.454 deviations: 7.031 bits in the worst case (Haw et al., k = 5).
  const double deviation = 128 / 2.454;
  const KnownSignal quiet{.middle = 127.5, .known = 1e-12, .fresh = deviation * deviation, .bits = 8};
  CHECK(-std::log2(worst_guess(quiet, 5)) == Approx(7.031).margin(0.02));
  CHECK(-std::log2(average_guess(quiet)) == Approx(-std::log2(worst_guess(quiet, 5))).margin(0.001));
  // 10 dB, half the range 3.881 deviations: 6.369 in the worst case, and no less on average.
  const double d = 128 / 3.881;
  const KnownSignal usual{.middle = 128, .known = 0.1 * d * d, .fresh = d * d, .bits = 8};
  CHECK(-std::log2(worst_guess(usual, 5)) == Approx(6.369).margin(0.03));
  CHECK(-std::log2(average_guess(usual)) > -std::log2(worst_guess(usual, 5)) - 1e-5);
  // An offset is worth a bit in the worst case, and nothing to speak of on average.
  const KnownSignal shifted{.middle = 128 + 0.3 * d, .known = 0.1 * d * d, .fresh = d * d, .bits = 8};
  CHECK(-std::log2(worst_guess(shifted, 5)) == Approx(5.304).margin(0.05));
  CHECK(run_guess(128, d * d, 0, 0.1 * d * d, 8) == 0);
  CHECK(run_guess(128, d * d, 0.99, 0.1 * d * d, 8) > run_guess(128, d * d, 0.5, 0.1 * d * d, 8));
}
