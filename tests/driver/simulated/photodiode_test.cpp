// SPDX-License-Identifier: Apache-2.0
// The photodiode of a simulated source: its readings follow the light and no fault else, and no sample depends on it.
#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <vector>

#include "driver/optical_power.h"
#include "driver/simulated/models.h"
#include "driver/switchable_light.h"
#include "tests/campaign/detection.h"
#include "tests/category_of.h"

using namespace lightseed;
using namespace lightseed::campaign;
using test::category_of;

namespace {

std::unique_ptr<Source> opened(const std::string& uri) {
  SourceRegistry sources;
  simulated::add_models(sources);
  return sources.open(uri);
}

std::vector<std::byte> drawn_bytes(Source& source, std::size_t count) {
  std::vector<std::byte> bytes(count);
  REQUIRE(source.read(bytes, {}).bytes == count);
  return bytes;
}

OpticalPowerMeter& meter_of(Source& source) {
  OpticalPowerMeter* const meter = optical_power_meter_of(source);
  REQUIRE(meter != nullptr);
  return *meter;
}

constexpr const char* all_models[] = {"sim:homodyne",      "sim:which-path",  "sim:arrival-time",
                                      "sim:photon-number", "sim:phase-noise", "sim:ase"};

}  // namespace

TEST_CASE("readings have the noise that was asked for, and are the same each time") {
  for (const char* const model : all_models) {
    CAPTURE(model);
    const auto source = opened(std::string(model) + "?seed=4&photodiode=0.01");
    OpticalPowerMeter& meter = meter_of(*source);
    CHECK(std::isnan(meter.optical_power()));  // it has not started
    source->start({});
    constexpr int count = 20000;
    double sum = 0, squares = 0, first = 0;
    for (int i = 0; i < count; ++i) {
      const double off = meter.optical_power() - 1;
      if (i == 0) first = off;
      sum += off;
      squares += off * off;
    }
    CHECK(std::abs(sum / count) < 6 * 0.01 / std::sqrt(count));
    CHECK(std::sqrt(squares / count) == Approx(0.01).epsilon(6 / std::sqrt(2.0 * count)));
    const auto twin = opened(source->info().uri);
    twin->start({});
    CHECK(meter_of(*twin).optical_power() - 1 == first);
    twin->start({});  // a restart has readings of its own
    CHECK(meter_of(*twin).optical_power() - 1 != first);
  }
}

TEST_CASE("a photodiode changes no sample, and who asks for none has none") {
  for (const char* const model : all_models) {
    const std::string uri = std::string(model) + "?seed=4";
    const auto with = opened(uri + "&photodiode=0.02"), without = opened(uri);
    CHECK(optical_power_meter_of(*without) == nullptr);
    CHECK(optical_power_meter_of(*opened(uri + "&photodiode=0")) == nullptr);
    CHECK(without->info().uri.find("photodiode") == std::string::npos);
    with->start({});
    without->start({});
    const auto first = drawn_bytes(*with, 4096);
    static_cast<void>(meter_of(*with).optical_power());
    CHECK(first == drawn_bytes(*without, 4096));
    CHECK(drawn_bytes(*with, 4096) == drawn_bytes(*without, 4096));
  }
  for (const char* const bad : {"-0.1", "0.2", "nan", "inf", "x"})
    CHECK(category_of([&] { opened(std::string("sim:ase?photodiode=") + bad); }) == Category::usage);
}

TEST_CASE("readings follow the light: what loses it by how much, and what does not touch it") {
  struct Row {
    const char* model;
    const char* fault;
    double power;
  };
  for (const Row& row : {Row{"sim:homodyne", "laser_off:size=0.5", 0.5}, Row{"sim:homodyne", "agc_mask", 0},
                         Row{"sim:homodyne", "agc_mask:size=0.2", 0.8}, Row{"sim:homodyne", "hum", 1},
                         Row{"sim:homodyne", "gain_drift", 1}, Row{"sim:which-path", "led_off", 0},
                         Row{"sim:which-path", "power_drift:size=0.5", 1.5}, Row{"sim:which-path", "hv_loss", 1},
                         Row{"sim:arrival-time", "led_off:size=0.25", 0.75},
                         Row{"sim:photon-number", "led_ageing:size=0.3", 0.7}, Row{"sim:photon-number", "led_off", 0},
                         Row{"sim:phase-noise", "laser_below_threshold", 0}, Row{"sim:phase-noise", "tone", 1},
                         Row{"sim:ase", "pump_loss:size=0.9", 0.1}, Row{"sim:ase", "filter_drift", 1}}) {
    CAPTURE(row.model, row.fault);
    const std::string fault = row.fault;
    const auto colon = std::min(fault.find(':'), fault.size());
    const auto source = opened(std::string(row.model) + "?seed=2&photodiode=0.001&fault=" + fault.substr(0, colon) +
                               "@4096" + fault.substr(colon));
    source->start({});
    CHECK(meter_of(*source).optical_power() == Approx(1).margin(0.008));
    drawn_bytes(*source, source->info().format.bytes_for(4096));
    CHECK(meter_of(*source).optical_power() == Approx(1).margin(0.008));
    drawn_bytes(*source, source->info().format.bytes_for(8));
    CHECK(meter_of(*source).optical_power() == Approx(row.power).margin(0.008));
  }
  // Dimmed on demand.
  const auto source = opened("sim:homodyne?seed=2&photodiode=0.001");
  source->start({});
  for (const double power : {0.0, 0.4, 1.0}) {
    dynamic_cast<SwitchableLight&>(*source).set_light(power);
    CHECK(meter_of(*source).optical_power() == Approx(power).margin(0.008));
  }
}

TEST_CASE("the trap, with a photodiode: light that gain control replaces is missed within a million samples") {
  for (const char* const fault : {"agc_mask", "agc_mask:size=0.2"}) {
    CAPTURE(fault);
    Bench with("sim:homodyne?photodiode=0.01", fault, 7), without("sim:homodyne", fault, 7);
    for (const std::uint64_t run : {0U, 5U, 11U}) {
      const Detection found = with.run(run, 1'000'000);
      REQUIRE(found.samples);
      CHECK(*found.samples <= 65536 + 4096);
      CHECK(found.test == "optical-power");
      CHECK_FALSE(without.run(run, 1'000'000).samples);
    }
  }
  for (const char* const model : all_models) {
    Bench bench(std::string(model) + "?photodiode=0.01", "", 5);
    std::map<std::string, std::uint64_t> by_test;
    CHECK(bench.false_alarms(1 << 20, by_test) == 0);
  }
}
