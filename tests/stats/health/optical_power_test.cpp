// SPDX-License-Identifier: Apache-2.0
// A photodiode's limits, its false alarms against what is stated, and lies about its record.
#include "stats/health/monitors/optical_power.h"

#include <catch2/catch.hpp>
#include <cmath>
#include <functional>
#include <limits>
#include <random>

#include "core/error.h"

using namespace lightseed;
using health::optical_power_monitor;
using health::optical_power_range;
using health::OpticalPowerLaw;

namespace {

const std::vector<std::uint8_t> samples(health::monitor_block);

std::optional<health::Failure> feed(health::HealthTest& test, std::size_t count = health::monitor_block) {
  return test.feed(std::span<const std::uint8_t>(samples).first(count));
}

/// ln of the two tails of N(0, 1) beyond z.
double log_of_tails(double z) {
  return std::log(std::erfc(z / std::sqrt(2.0)));
}

}  // namespace

TEST_CASE("known readings leave their limits no more often than once in 2^32") {
  const health::Range range = optical_power_range({.mean = 3, .deviation = 0.25});
  CHECK(range.low + range.high == Approx(6));
  const double z = (range.high - 3) / 0.25;
  CHECK(log_of_tails(z) < -32 * std::log(2.0));
  CHECK(z < 7);  // and are not wider than that takes
}

TEST_CASE("readings that were measured have limits that hold whatever the measurement was off by") {
  // A thousand calibrations of 128 readings: each has its own limits, and none may be narrower than the true law's.
  std::mt19937_64 random(1);
  std::normal_distribution<double> normal(10, 0.5);
  const double wanted = -32 * std::log(2.0);
  double widest = 0;
  for (int calibration = 0; calibration < 1000; ++calibration) {
    constexpr int readings = 128;
    double sum = 0, squares = 0;
    for (int i = 0; i < readings; ++i) {
      const double x = normal(random);
      sum += x;
      squares += x * x;
    }
    const double mean = sum / readings;
    const health::Range range =
        optical_power_range({.mean = mean,
                             .deviation = std::sqrt((squares - readings * mean * mean) / (readings - 1)),
                             .readings = readings});
    const double z = std::min(10 - range.low, range.high - 10) / 0.5;
    REQUIRE(log_of_tails(z) < wanted);
    widest = std::max(widest, (range.high - range.low) / 2 / 0.5);
  }
  CHECK(widest < 20);
  // With more of them the limits come near those of a law that is known.
  const health::Range many = optical_power_range({.mean = 10, .deviation = 0.5, .readings = 1e6});
  const health::Range known = optical_power_range({.mean = 10, .deviation = 0.5});
  CHECK(many.high == Approx(known.high).margin(0.02));
  CHECK(many.high > known.high);
}

TEST_CASE("a law that is none has no limits") {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  for (const OpticalPowerLaw& law :
       {OpticalPowerLaw{.mean = 1}, OpticalPowerLaw{.mean = nan, .deviation = 1},
        OpticalPowerLaw{.mean = 1, .deviation = nan}, OpticalPowerLaw{.mean = 1, .deviation = 1, .readings = 63}})
    CHECK_THROWS_AS(optical_power_range(law), Error);
}

TEST_CASE("a million healthy readings raise no alarm; light that is lost, and readings that do not come, do at once") {
  std::mt19937_64 random(2);
  std::normal_distribution<double> normal(1, 0.01);
  const auto healthy = optical_power_monitor({.mean = 1, .deviation = 0.01}, [&] { return normal(random); });
  for (int i = 0; i < 1'000'000; ++i)
    REQUIRE_FALSE(feed(*healthy));
  CHECK(healthy->record().readings["blocks"] == 1'000'000);
  CHECK(health::faults_of_optical_power_monitor(healthy->record()) == std::vector<std::string>{});

  for (const double power : {0.0, 0.8, 1.2, std::numeric_limits<double>::quiet_NaN()}) {
    CAPTURE(power);
    double now = 1;
    const auto monitor = optical_power_monitor({.mean = 1, .deviation = 0.01}, [&] { return now; });
    REQUIRE_FALSE(feed(*monitor));
    now = power;
    // A reading a block: one that is not whole has none.
    CHECK_FALSE(feed(*monitor, health::monitor_block - 1));
    const auto failure = feed(*monitor, 10);
    REQUIRE(failure);
    CHECK(failure->index == 0);
    CHECK_THAT(failure->words, Catch::Contains("the optical power is"));
    CHECK(monitor->record().readings["blocks"] == 1);
  }
}

TEST_CASE("who judges the record again finds what was changed in it") {
  const auto monitor = optical_power_monitor({.mean = 1, .deviation = 0.01}, [] { return 1.01; });
  REQUIRE_FALSE(feed(*monitor));
  const HealthTestRecord good = monitor->record();
  CHECK(health::faults_of_optical_power_monitor(good) == std::vector<std::string>{});
  const std::vector<std::function<void(HealthTestRecord&)>> lies{
      [](auto& r) { r.window = 4096; },
      [](auto& r) { r.cutoff = 3; },
      [](auto& r) { r.alpha_log2 = -20; },
      [](auto& r) { r.alpha_log2.reset(); },
      [](auto& r) { r.readings["low"] = 1.02; },
      [](auto& r) { r.readings["high"] = 1.0; },
      [](auto& r) { r.readings["low"] = r.readings["high"] = r.readings["last"]; },
      [](auto& r) { r.readings["lowest"] = 0.5; },
      [](auto& r) { r.readings["highest"] = 1.05; },
      [](auto& r) { r.readings["blocks"] = 0; },
      [](auto& r) { r.readings["more"] = 1; },
      [](auto& r) { r.readings.erase("last"); }};
  for (std::size_t i = 0; i < lies.size(); ++i) {
    CAPTURE(i);
    HealthTestRecord lie = good;
    lies[i](lie);
    const auto faults = [&]() -> std::size_t {
      try {
        return health::faults_of_optical_power_monitor(lie).size();
      } catch (const Error&) {
        return 1;
      }
    };
    CHECK(faults() > 0);
  }
}
