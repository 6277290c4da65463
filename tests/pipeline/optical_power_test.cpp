// SPDX-License-Identifier: Apache-2.0
// A photodiode at a calibrated source's gate: measured with the calibration, on record, judged again.
#include <catch2/catch.hpp>
#include <cmath>
#include <functional>

#include "core/clock.h"
#include "core/error.h"
#include "evidence/json_text.h"
#include "pipeline/calibrate.h"
#include "pipeline/calibrated_source.h"
#include "pipeline/gate_faults.h"
#include "pipeline/gated_source.h"
#include "pipeline/watch.h"
#include "stats/calibration/conclusion.h"
#include "stats/health/monitors/optical_power.h"
#include "tests/category_of.h"
#include "tests/pipeline/simulated_source.h"

using namespace lightseed;
using Catch::Contains;
using test::category_of;
using test::simulated_source;

namespace {

constexpr const char* with_sensor = "sim:homodyne?photodiode=0.01";

const CalibrationRecord& with_photodiode() {
  static const CalibrationRecord record = [] {
    const auto source = simulated_source(std::string(with_sensor) + "&seed=1");
    return calibrate(*source, {.samples = 1 << 19, .now = std::time(nullptr) - 60});
  }();
  return record;
}

std::unique_ptr<Source> calibrated(const std::string& uri, CalibrationRecord record = with_photodiode()) {
  return std::make_unique<CalibratedSource>(
      simulated_source(uri),
      Calibration{.path = "lab.json", .sha256 = std::string(64, 'a'), .record = std::move(record), .signer = "nobody"},
      std::time(nullptr));
}

/// Reads so many bytes through the gate; how it ends, "" where it is well.
std::string end_of_run(GatedSource& gated, std::size_t bytes) {
  try {
    gated.start({});
    std::vector<std::byte> out(gated.window_bytes() * 128);
    for (std::size_t done = 0; done < bytes; done += out.size())
      gated.read(out, {});
    gated.finish({});
  } catch (const Error& error) {
    CHECK(error.category() == Category::health);
    return error.what();
  }
  return "";
}

HealthTestRecord& photodiode_of(HealthRecord& health) {
  for (HealthTestRecord& test : health.tests)
    if (test.id == health::optical_power_monitor_id) return test;
  throw Error(Category::internal, "no photodiode is on record");
}

}  // namespace

TEST_CASE("a calibration measures the photodiode at each power, and its limits follow") {
  const CalibrationRecord& record = with_photodiode();
  for (const CalibrationLevel& level : record.levels) {
    REQUIRE(level.optical_power);
    CHECK(level.optical_power->readings == 128);
    CHECK(level.optical_power->mean == Approx(level.power).margin(6 * 0.01 / std::sqrt(128)));
    CHECK(level.optical_power->deviation == Approx(0.01).epsilon(0.4));
  }
  REQUIRE(record.monitors.back().monitor == "optical-power");
  CHECK(record.monitors.back().low > 0.7);
  CHECK(record.monitors.back().high < 1.3);
  CHECK(calibration::faults_of(record) == std::vector<std::string>{});
  // As text and back.
  const Json json = to_json(record);
  CHECK(to_json(calibration_record_from(ObjectReader(json, "calibration"))) == json);
}

TEST_CASE("readings of a calibration that were changed are found; one from before there were any holds") {
  const std::vector<std::function<void(CalibrationRecord&)>> lies{
      [](auto& r) { r.levels.back().optical_power->mean = 0.5; },
      [](auto& r) { r.levels.back().optical_power->deviation *= 3; },
      [](auto& r) { r.levels.back().optical_power->readings = 1000; },
      [](auto& r) { r.levels.back().optical_power->readings = 3; },
      [](auto& r) { r.levels.back().optical_power->deviation = 0; },
      [](auto& r) { r.levels.back().optical_power.reset(); },
      [](auto& r) { r.levels[2].optical_power.reset(); },
      [](auto& r) { r.monitors.back().low = 0; },
      [](auto& r) { r.monitors.pop_back(); },
      [](auto& r) { r.levels.front().optical_power->mean = 1; }};  // the same in the dark
  for (std::size_t i = 0; i < lies.size(); ++i) {
    CAPTURE(i);
    CalibrationRecord lie = with_photodiode();
    lies[i](lie);
    CHECK_FALSE(calibration::faults_of(lie).empty());
  }
  CalibrationRecord before = with_photodiode();
  for (CalibrationLevel& level : before.levels)
    level.optical_power.reset();
  before.monitors.pop_back();
  CHECK(calibration::faults_of(before) == std::vector<std::string>{});
}

TEST_CASE("a lost laser behind gain control ends a calibrated run; a healthy one is on record and judged again") {
  const auto healthy = calibrated(std::string(with_sensor) + "&seed=3");
  GatedSource gated(*healthy);
  REQUIRE(end_of_run(gated, 1 << 20).empty());
  const GateRecord record = gated.record();
  const std::uint64_t used = record.health.samples_admitted;
  const std::string now = utc_text(std::time(nullptr) + 5);
  CHECK(record.health.tests.back().id == "optical-power");
  CHECK(record.health.tests.back().readings["low"] == with_photodiode().monitors.back().low);
  CHECK(gate_faults(record, healthy->info(), used) == std::vector<std::string>{});
  CHECK(calibration_faults(healthy->info(), record.health, now) == std::vector<std::string>{});

  for (const char* const fault : {"agc_mask@1000000", "agc_mask@1000000:size=0.25"}) {
    const auto ill = calibrated(std::string(with_sensor) + "&seed=3&fault=" + fault);
    GatedSource gate(*ill);
    CHECK_THAT(end_of_run(gate, 2 << 20), Contains("optical-power: the optical power is"));
  }
  // The same without a photodiode: nothing is seen.
  const auto blind_unit = simulated_source("sim:homodyne?seed=3&fault=agc_mask@1000000");
  GatedSource blind(*blind_unit);
  CHECK(end_of_run(blind, 2 << 20).empty());

  SECTION("lies about it") {
    const std::vector<std::function<void(HealthRecord&)>> lies{
        [](auto& h) { h.tests.pop_back(); },
        [](auto& h) { photodiode_of(h).readings["low"] = 0.0; },
        [](auto& h) { photodiode_of(h).readings["high"] = 2.0; },
        [](auto& h) { photodiode_of(h).readings["lowest"] = 0.1; },
        [](auto& h) { photodiode_of(h).readings["blocks"] = 1; },
        [](auto& h) { photodiode_of(h).window = 512; }};
    for (std::size_t i = 0; i < lies.size(); ++i) {
      CAPTURE(i);
      GateRecord lie = record;
      lies[i](lie.health);
      const auto gate = gate_faults(lie, healthy->info(), used);
      const auto calibration = calibration_faults(healthy->info(), lie.health, now);
      CHECK(gate.size() + calibration.size() > 0);
    }
  }
}

TEST_CASE("an uncalibrated source with a photodiode has it on record, and nobody else") {
  const auto source = simulated_source(std::string(with_sensor) + "&seed=3");
  GatedSource gated(*source);
  REQUIRE(end_of_run(gated, 1 << 18).empty());
  const GateRecord record = gated.record();
  const std::uint64_t used = record.health.samples_admitted;
  CHECK(gate_faults(record, source->info(), used) == std::vector<std::string>{});
  GateRecord without = record;
  without.health.tests.pop_back();
  CHECK_THAT(gate_faults(without, source->info(), used).at(0), Contains("photodiode"));
  SourceInfo none = source->info();
  none.parameters.erase("photodiode");
  CHECK_THAT(gate_faults(record, none, used).at(0), Contains("photodiode"));
  SourceInfo device = source->info();
  device.driver = "usb:quantis";
  CHECK_FALSE(gate_faults(record, device, used).empty());
}

TEST_CASE("a photodiode that is gone, or another one, is another unit") {
  CHECK(category_of([] { calibrated("sim:homodyne?seed=1"); }) == Category::refused);
  CHECK(category_of([] { calibrated("sim:homodyne?seed=1&photodiode=0.02"); }) == Category::refused);
  CalibrationRecord other = with_photodiode();
  other.device.settings.erase("photodiode");
  CHECK(category_of([&] { calibrated("sim:homodyne?seed=1", other); }) == Category::refused);
}

TEST_CASE("a watch shows the photodiode, and its alarm") {
  const auto source = simulated_source(std::string(with_sensor) + "&seed=3&fault=agc_mask@600000");
  bool shown = false;
  std::string alarm;
  const Watched watched = watch(*source, {.samples = 2 << 20},
                                [&](const WatchReport& report) {
                                  for (const HealthTestRecord& test : report.health.tests)
                                    shown = shown || (test.id == "optical-power" && test.readings.contains("last"));
                                  if (report.last_alarm && alarm.empty()) alarm = report.last_alarm->test;
                                },
                                {});
  CHECK(shown);
  CHECK(watched.alarms > 0);
  CHECK(alarm == "optical-power");
}

TEST_CASE("a watch sees the light as it was when the samples came, however long its interval") {
  for (const std::uint64_t interval : {1U << 16U, 1U << 20U}) {
    const auto source = simulated_source(std::string(with_sensor) + "&seed=1&fault=agc_mask@300000:for=150000");
    std::vector<HealthAlarm> alarms;
    const Watched watched = watch(*source, {.samples = 2 << 20, .interval = interval},
                                  [&](const WatchReport& report) {
                                    if (report.last_alarm) alarms.push_back(*report.last_alarm);
                                  },
                                  {});
    REQUIRE(watched.alarms > 0);
    REQUIRE_FALSE(alarms.empty());
    for (const HealthAlarm& alarm : alarms) {
      CHECK(alarm.test == "optical-power");
      CHECK(alarm.sample >= 300'000);
      CHECK(alarm.sample < 300'000 + 150'000 + 2 * 65'536);
    }
  }
}
