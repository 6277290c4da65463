// SPDX-License-Identifier: Apache-2.0
// What a look in the dark finds and what it lets pass, against a naive twin, and lies about it.
#include "stats/health/dark_check.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <functional>
#include <limits>
#include <numbers>
#include <random>

#include "core/error.h"

using namespace lightseed;
using health::DarkCheck;
using health::DarkLaw;

namespace {

constexpr double centre = 127.5, deviation = 10.4;
/// Of the codes: the converter's steps add a twelfth.
const DarkLaw gauss{.samples = 1e7,
                    .mean = centre,
                    .variance = deviation * deviation + 1.0 / 12,
                    .fourth = 3 * std::pow(deviation * deviation + 1.0 / 12, 2),
                    .lit_variance = 11 * deviation * deviation};

/// A look: Gaussian noise, `wave` on top.
std::vector<std::uint16_t> look(unsigned seed, double sigma, const std::function<double(double)>& wave) {
  std::mt19937_64 random(seed);
  std::normal_distribution<double> normal(0, sigma);
  std::vector<std::uint16_t> samples(health::dark_samples);
  for (std::size_t i = 0; i < samples.size(); ++i)
    samples[i] = static_cast<std::uint16_t>(
        std::clamp(std::floor(centre + 0.5 + normal(random) + wave(static_cast<double>(i))), 0.0, 255.0));
  return samples;
}

std::vector<std::uint16_t> dark(unsigned seed) {
  return look(seed, deviation, [](double) { return 0.0; });
}

double reading(const DarkCheck& check, std::size_t test, const char* name) {
  return check.records().at(test).readings.at(name).get<double>();
}

std::string test_that_fails(const std::vector<std::uint16_t>& samples) {
  DarkCheck check(gauss);
  const auto failure = check.judge(samples, 0);
  return failure ? failure->test : "none";
}

}  // namespace

TEST_CASE("a look that is as calibrated passes; its readings are those of a naive twin") {
  DarkCheck check(gauss);
  const auto samples = dark(1);
  REQUIRE_FALSE(check.judge(samples, 12));
  double sum = 0, squares = 0;
  for (const std::uint16_t sample : samples)
    sum += sample;
  const double mean = sum / static_cast<double>(samples.size());
  for (const std::uint16_t sample : samples)
    squares += (sample - mean) * (sample - mean);
  CHECK(reading(check, 0, "last") == Approx(mean).epsilon(1e-9));
  CHECK(reading(check, 1, "last") == Approx(squares / static_cast<double>(samples.size())).epsilon(1e-9));
  // The strongest line is that of the slow transform, at the few frequencies around it and at a hundred others.
  std::vector<double> sums(samples.size() / 256);
  for (std::size_t i = 0; i < samples.size(); ++i)
    sums[i / 256] += samples[i] - mean;
  double strongest = 0;
  for (std::size_t k = 1; k < sums.size() / 2; ++k) {
    double re = 0, im = 0;
    for (std::size_t j = 0; j < sums.size(); ++j) {
      const double turn =
          2 * std::numbers::pi * static_cast<double>(k * j % sums.size()) / static_cast<double>(sums.size());
      re += sums[j] * std::cos(turn);
      im += sums[j] * std::sin(turn);
    }
    strongest = std::max(strongest, (re * re + im * im) / static_cast<double>(samples.size()));
  }
  const double limit = reading(check, 1, "high") * (33 * std::numbers::ln2 + std::log(2047.0));
  CHECK(reading(check, 2, "last") == Approx(strongest / limit).epsilon(1e-6));
  CHECK(reading(check, 0, "longest") == 12);
  CHECK(check.records()[0].readings["checks"] == 1U);
}

TEST_CASE("the limits are eight standard deviations of the look and of the calibration") {
  const DarkCheck check(gauss);
  const double n = 1 / (1 / 0x1p20 + 1e-7);
  CHECK(reading(check, 0, "high") == Approx(centre + 8 * std::sqrt(gauss.variance / n)).epsilon(1e-12));
  CHECK(reading(check, 0, "low") == Approx(centre - 8 * std::sqrt(gauss.variance / n)).epsilon(1e-12));
  CHECK(reading(check, 1, "high") == Approx(gauss.variance * (1 + 8 * std::sqrt(2 / n))).epsilon(1e-12));
  // Beyond eight deviations chance leads once in 10^15 looks, and the rate on record is 2^-32.
  CHECK(std::erfc(8 / std::numbers::sqrt2) * 2 + std::exp2(-33) < std::exp2(-32));
  for (const HealthTestRecord& record : check.records())
    CHECK(record.alpha_log2 == -32);
}

TEST_CASE("sixty healthy looks pass, none of them near a limit") {
  DarkCheck check(gauss);
  for (unsigned seed = 100; seed < 160; ++seed)
    REQUIRE_FALSE(check.judge(dark(seed), 1));
  const double n = 1 / (1 / 0x1p20 + 1e-7);
  CHECK(reading(check, 0, "highest") < centre + 5 * std::sqrt(gauss.variance / n));
  CHECK(reading(check, 1, "highest") < gauss.variance * (1 + 5 * std::sqrt(2 / n)));
  CHECK(reading(check, 2, "highest") < 0.75);
}

TEST_CASE("each thing that is other in the dark is found, and by which test") {
  // Gain control has made up for the laser: the dark is as noisy as the lit source.
  CHECK(test_that_fails(look(2, deviation * std::sqrt(11.0), [](double) { return 0.0; })) == "dark-variance");
  CHECK(test_that_fails(look(3, deviation * 1.02, [](double) { return 0.0; })) == "dark-variance");
  CHECK(test_that_fails(look(3, deviation * 0.98, [](double) { return 0.0; })) == "dark-variance");
  // Electronics that have died.
  CHECK(test_that_fails(std::vector<std::uint16_t>(health::dark_samples, 127)) != "none");
  CHECK(test_that_fails(look(4, deviation, [](double) { return 0.15; })) == "dark-mean");
  // A fiftieth of the light's deviation, at 50 Hz of a megasample a second, and at the ends of what is looked at.
  for (const double frequency : {5e-5, 3.3e-6, 1.0 / 520})
    CHECK(test_that_fails(look(5, deviation, [&](double i) {
            return 0.66 * std::sin(2 * std::numbers::pi * frequency * i + 1);
          })) == "dark-line");
}

TEST_CASE("a dark level that could tell nothing is refused, in words") {
  const auto refused = [](DarkLaw law) {
    try {
      DarkCheck check(law);
    } catch (const Error& error) {
      return error.category() == Category::refused;
    }
    return false;
  };
  DarkLaw law = gauss;
  law.lit_variance = law.variance;
  CHECK(refused(law));
  law = gauss;
  law.variance = 0;
  CHECK(refused(law));
  law = gauss;
  law.fourth = 101 * law.variance * law.variance;
  CHECK(refused(law));
  law.fourth = std::numeric_limits<double>::quiet_NaN();
  CHECK(refused(law));
  law = gauss;
  law.samples = 0;
  CHECK(refused(law));
  DarkCheck check(gauss);
  CHECK_THROWS_AS(check.judge(std::vector<std::uint16_t>(1000), 0), Error);
}

TEST_CASE("no lie about the looks is believed") {
  constexpr std::uint64_t every = std::uint64_t{1} << 20;
  DarkCheck check(gauss);
  REQUIRE_FALSE(check.judge(dark(1), 0));
  REQUIRE_FALSE(check.judge(dark(2), every));
  REQUIRE_FALSE(check.judge(dark(3), 1000));
  using Tests = std::vector<HealthTestRecord>;
  const Tests honest = check.records();
  CHECK(health::faults_of_dark_checks(honest, gauss, every, every + 1000).empty());
  CHECK(health::dark_checks_in(honest) == 3);
  CHECK(health::interrupting_dark_checks_in(honest) == 1);
  CHECK(health::dark_checks_in({}) == 0);
  CHECK(health::is_dark_check("dark-line"));
  CHECK_FALSE(health::is_dark_check("dark"));

  CHECK_FALSE(health::faults_of_dark_checks({}, gauss, every, 0).empty());
  CHECK_FALSE(health::faults_of_dark_checks(honest, gauss, every, 2 * every + 1).empty());
  CHECK_FALSE(health::faults_of_dark_checks(honest, gauss, every - 1, every).empty());
  CHECK_FALSE(health::faults_of_dark_checks(honest, gauss, std::uint64_t{1} << 49, every).empty());
  DarkLaw other = gauss;
  other.variance *= 1.01;
  CHECK_FALSE(health::faults_of_dark_checks(honest, other, every, every).empty());
  for (std::size_t i = 0; i < honest.size(); ++i) {
    const auto told = [&](const std::function<void(HealthTestRecord&)>& lie) {
      Tests tests = honest;
      lie(tests[i]);
      return !health::faults_of_dark_checks(tests, gauss, every, every + 1000).empty();
    };
    CAPTURE(honest[i].id);
    CHECK(told([](auto& test) { test.id = "dark-something"; }));
    CHECK(told([](auto& test) { test.window = 4096; }));
    CHECK(told([](auto& test) { test.cutoff = 5; }));
    CHECK(told([](auto& test) { test.alpha_log2 = -60; }));
    CHECK(told([](auto& test) { test.readings["checks"] = 2; }));
    CHECK(told([](auto& test) { test.readings["checks"] = "three"; }));
    CHECK(told([](auto& test) { test.readings["checks"] = -3; }));
    CHECK(told([](auto& test) { test.readings["longest"] = every + 1; }));
    CHECK(told([](auto& test) { test.readings["longest"] = 1000; }));
    CHECK(told([](auto& test) { test.readings["high"] = test.readings["high"].template get<double>() * 1.001; }));
    CHECK(told([](auto& test) { test.readings["low"] = test.readings["low"].template get<double>() - 0.1; }));
    CHECK(told([](auto& test) { test.readings["highest"] = 1e6; }));
    CHECK(told([](auto& test) { test.readings["lowest"] = -1e6; }));
    CHECK(told([](auto& test) { test.readings["last"] = 1e6; }));
    CHECK(told([](auto& test) { test.readings["more"] = 1; }));
    CHECK(told([](auto& test) { test.readings.erase("last"); }));
  }
}
