// SPDX-License-Identifier: Apache-2.0
// Calibration of units whose truth is known: simulated ones.
#include "pipeline/calibrate.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <map>

#include "core/error.h"
#include "driver/switchable_light.h"
#include "evidence/model_claim.h"
#include "stats/calibration/conclusion.h"
#include "tests/category_of.h"
#include "tests/pipeline/simulated_source.h"

using namespace lightseed;
using Catch::Contains;
using test::category_of;
using test::simulated_source;

namespace {

constexpr std::time_t morning = 1'790'000'000;

CalibrationRecord calibrated(Source& source) {
  return calibrate(source, {.samples = 1 << 19, .now = morning});
}

const CalibrationParameter& parameter(const CalibrationRecord& record, const std::string& name) {
  return *std::find_if(record.parameters.begin(), record.parameters.end(),
                       [&](const CalibrationParameter& one) { return one.name == name; });
}

}  // namespace

TEST_CASE("a homodyne detector's calibration finds its parameters and never claims more than is true") {
  struct Row {
    const char* uri;
    double qcnr_db, correlation, cost;
  };
  for (const Row& row :
       {Row{"sim:homodyne?seed=1", 10, 0, 0.12}, Row{"sim:homodyne?seed=2&bits=12&qcnr_db=6&range=6", 6, 0, 0.2},
        Row{"sim:homodyne?seed=3&range=4&bandwidth=0.25", 10, 0.2079, 0.15},
        Row{"sim:homodyne?seed=4&offset=0.3&range=2.6", 10, 0, 0.4}}) {
    CAPTURE(row.uri);
    const auto source = simulated_source(row.uri);
    const CalibrationRecord record = calibrated(*source);
    const CalibrationParameter& qcnr = parameter(record, "qcnr");
    CHECK(qcnr.value == Approx(row.qcnr_db).margin(6 * qcnr.error));
    const CalibrationParameter& correlation = parameter(record, "correlation");
    CHECK(correlation.value == Approx(row.correlation).margin(7 * correlation.error + 0.005));
    const CalibrationParameter& excess = parameter(record, "excess_noise");
    CHECK(std::abs(excess.value) < 6 * excess.error);
    const double truth = source->info().claim.bits_per_sample;
    CHECK(record.claim.bits_per_sample < truth);
    CHECK(record.claim.bits_per_sample > truth - row.cost);
    CHECK(record.device.provenance == Provenance::simulated);
    CHECK(calibration::faults_of(record) == std::vector<std::string>{});
    CHECK(record.created == "2026-09-21T14:13:20Z");
    CHECK(record.valid_until == "2026-09-22T14:13:20Z");
    // The light is as usual again.
    source->start({});
    std::vector<std::byte> out(8);
    CHECK(source->read(out, {}).state == ReadState::ok);
  }
}

TEST_CASE("a sensor's calibration counts electrons, and is not deceived by a gain of two") {
  for (const char* const gain : {"0.5", "1", "2"}) {
    CAPTURE(gain);
    const auto source =
        simulated_source(std::string("sim:photon-number?seed=1&prnu=0&dsnu=0&offset=20&bits=12&gain=") + gain);
    const CalibrationRecord record = calibrated(*source);
    const CalibrationParameter &zeta = parameter(record, "gain"), &electrons = parameter(record, "electrons");
    CHECK(zeta.value == Approx(std::stod(gain)).margin(6 * zeta.error));
    CHECK(electrons.value == Approx(410).margin(6 * electrons.error));
    CHECK(electrons.error < 4);
    const double truth = source->info().claim.bits_per_sample;
    CHECK(record.claim.bits_per_sample < truth);
    CHECK(record.claim.bits_per_sample > truth - 0.15);
    CHECK(calibration::faults_of(record) == std::vector<std::string>{});
  }
}

TEST_CASE("what cannot be calibrated is refused in words, and nothing is claimed") {
  const auto refusal = [](const std::string& uri, Category category, const char* words) {
    CAPTURE(uri);
    const auto source = simulated_source(uri);
    try {
      (void)calibrated(*source);
      FAIL("it was calibrated");
    } catch (const Error& error) {
      CHECK(error.category() == category);
      CHECK_THAT(error.what(), Contains(words));
    }
  };
  refusal("sim:which-path?seed=1", Category::usage, "cannot be switched");
  refusal("sim:photon-number?seed=1", Category::usage, "cannot be switched");
  refusal("sim:homodyne?seed=1&fault=laser_off@0", Category::verdict, "Is the light on?");
  refusal("sim:homodyne?seed=1&noise_correlation=0.5", Category::verdict, "correlated in time");
  refusal("sim:homodyne?seed=1&hum=0.5&hum_frequency=0.01", Category::verdict, "correlated in time");
  refusal("sim:homodyne?seed=1&fault=unplug@300000", Category::device, "nothing was calibrated");
  const auto source = simulated_source("sim:homodyne?seed=1");
  CHECK(category_of([&] { (void)calibrate(*source, {.samples = 1000, .now = morning}); }) == Category::usage);
  CHECK(category_of([&] {
          (void)calibrate(*source, {.samples = 1 << 19, .valid_for = std::chrono::seconds(0), .now = morning});
        }) == Category::usage);
  std::stop_source stop;
  stop.request_stop();
  CHECK(category_of([&] {
          (void)calibrate(*source, {.samples = 1 << 19, .now = morning, .stop = stop.get_token()});
        }) == Category::interrupted);
  auto& light = dynamic_cast<SwitchableLight&>(*source);
  CHECK(category_of([&] { light.set_light(1.5); }) == Category::usage);
  CHECK(category_of([&] { light.set_light(std::nan("")); }) == Category::usage);
}

TEST_CASE("a dimmed source gives its quantum noise in proportion, and its own samples when it is lit") {
  const auto lit = simulated_source("sim:homodyne?seed=9&path=full"),
             dimmed = simulated_source("sim:homodyne?seed=9&path=full");
  auto& light = dynamic_cast<SwitchableLight&>(*dimmed);
  light.set_light(0.25);
  light.set_light(1);
  std::vector<std::byte> a(4096), b(4096);
  for (auto* source : {lit.get(), dimmed.get()})
    source->start({});
  (void)lit->read(a, {});
  (void)dimmed->read(b, {});
  CHECK(a == b);
}

TEST_CASE("a calibration survives its JSON, and every figure that somebody changes is missed") {
  const auto source = simulated_source("sim:homodyne?seed=1");
  const Json honest = to_json(calibrated(*source));
  const auto faults_of_json = [](const Json& json) -> std::vector<std::string> {
    try {
      return calibration::faults_of(calibration_record_from(ObjectReader(json, "")));
    } catch (const Error& error) {
      return {error.what()};
    }
  };
  CHECK(faults_of_json(honest) == std::vector<std::string>{});
  CHECK(to_json(calibration_record_from(ObjectReader(honest, ""))) == honest);
  for (const char* const path :
       {"/claim/bits_per_sample", "/bound", "/levels/0/mean", "/levels/0/autocovariance/values/0", "/levels/3/power",
        "/levels/6/autocovariance/values/0", "/levels/6/autocovariance/values/1", "/levels/6/mean", "/fit/misfit",
        "/fit/parameters/0/value", "/fit/parameters/1/error", "/monitors/0/low", "/monitors/1/high",
        "/reference/memory", "/reference/correlation/values/0", "/levels/6/fourth"}) {
    CAPTURE(path);
    Json lie = honest;
    Json& member = lie[Json::json_pointer(path)];
    member = member.get<double>() * 1.01 + 0.001;
    CHECK_FALSE(faults_of_json(lie).empty());
  }
  for (const char* const path : {"/device/driver", "/claim", "/levels", "/reference/spectrum", "/status", "/noise"}) {
    CAPTURE(path);
    Json lie = honest;
    lie[Json::json_pointer(path)] = 3;
    CHECK_FALSE(faults_of_json(lie).empty());
  }
  Json lie = honest;
  lie["reference"]["counts"][100] = 7;
  CHECK_FALSE(faults_of_json(lie).empty());
  lie = honest;
  lie["extra"] = 1;
  CHECK_FALSE(faults_of_json(lie).empty());
}
