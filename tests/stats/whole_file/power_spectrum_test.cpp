// SPDX-License-Identifier: Apache-2.0
#include "stats/whole_file/power_spectrum.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <numbers>
#include <random>

using namespace lightseed::stats;

namespace {

constexpr std::size_t distances = 1024;

std::size_t peak_of(const PowerSpectrum& spectrum) {
  return static_cast<std::size_t>(std::max_element(spectrum.power.begin(), spectrum.power.end()) -
                                  spectrum.power.begin());
}

}  // namespace

TEST_CASE("bits that do not depend on each other have equal power everywhere") {
  const PowerSpectrum flat = power_spectrum_of(std::vector<double>(distances), 1'000'000);
  REQUIRE(flat.power.size() == power_spectrum_points);
  CHECK(std::all_of(flat.power.begin(), flat.power.end(), [](double power) { return power == 1; }));
  // Correlations of fair bits scatter by 1 / sqrt(pairs); the power scatters as stated.
  std::mt19937_64 random(11);
  std::normal_distribution<double> normal(0, 1e-3);
  double squares = 0;
  constexpr int rounds = 40;
  for (int round = 0; round < rounds; ++round) {
    std::vector<double> r(distances);
    for (double& value : r)
      value = normal(random);
    const PowerSpectrum found = power_spectrum_of(r, 1'000'000);
    for (std::size_t k = 0; k < power_spectrum_points; ++k)
      squares += std::pow((found.power[k] - 1) / found.deviation[k], 2);
  }
  CHECK(squares / (rounds * static_cast<double>(power_spectrum_points)) == Approx(1).epsilon(0.05));
  // At the ends all cosines are 1: twice the variance of the middle.
  CHECK(flat.deviation.front() / flat.deviation[256] == Approx(std::sqrt(2)).epsilon(0.01));
}

TEST_CASE("a bias is a peak at 0, a period one at its frequency") {
  CHECK(peak_of(power_spectrum_of(std::vector<double>(distances, 0.1), 1000)) == 0);
  for (const std::size_t period : {2U, 4U, 8U, 64U}) {
    std::vector<double> r(distances);
    for (std::size_t k = 0; k < distances; ++k)
      r[k] = 0.1 * std::cos(2 * std::numbers::pi * static_cast<double>(k + 1) / static_cast<double>(period));
    const PowerSpectrum found = power_spectrum_of(r, 1'000'000);
    CHECK(peak_of(found) == 1024 / period);
    CHECK(*std::min_element(found.power.begin(), found.power.end()) > 0);
  }
}
