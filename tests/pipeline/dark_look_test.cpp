// SPDX-License-Identifier: Apache-2.0
// Looks in the dark at work: what no statistic of lit samples sees is found, no dark sample is used, and what is on
// record is judged again.
#include "pipeline/dark_look.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <functional>
#include <map>

#include "core/clock.h"
#include "core/error.h"
#include "pipeline/calibrate.h"
#include "pipeline/calibrated_source.h"
#include "pipeline/gate_faults.h"
#include "pipeline/key_stream.h"
#include "pipeline/run_faults.h"
#include "pipeline/watch.h"
#include "tests/category_of.h"
#include "tests/pipeline/simulated_source.h"

using namespace lightseed;
using Catch::Contains;
using test::category_of;
using test::simulated_source;

namespace {

constexpr std::uint64_t every = std::uint64_t{1} << 20;
/// 50 Hz at a megasample a second.
constexpr const char* unit = "sim:homodyne?hum_frequency=5e-5";

const CalibrationRecord& calibration_of(const std::string& uri) {
  static std::map<std::string, CalibrationRecord> all;
  const auto found = all.find(uri);
  if (found != all.end()) return found->second;
  const auto source = simulated_source(uri + "&seed=1");
  return all.emplace(uri, calibrate(*source, {.samples = 1 << 19, .now = std::time(nullptr) - 60})).first->second;
}

std::unique_ptr<Source> dark_looked(const std::string& rest, std::uint64_t dark_check = every,
                                    const std::string& uri = unit) {
  return std::make_unique<CalibratedSource>(
      simulated_source(uri + "&" + rest),
      Calibration{
          .path = "lab.json", .sha256 = std::string(64, 'a'), .record = calibration_of(uri), .signer = "nobody"},
      std::time(nullptr), dark_check);
}

Assess as_told() {
  return [](std::span<const std::byte>, const SampleFormat&) {
    return MinEntropy{.bits_per_sample = 6.2,
                      .basis = MinEntropy::Basis::measured,
                      .method = "as the test says",
                      .assumptions = {},
                      .details = {{"samples", std::uint64_t{1'000'000}}}};
  };
}

/// How a run over so many bytes of raw samples ends: "" where it is well.
std::string end_of_run(Source& source, std::size_t bytes) {
  GatedSource gated(source);
  std::vector<std::byte> out(gated.window_bytes() * 128);
  try {
    gated.start({});
    for (std::size_t done = 0; done < bytes; done += out.size())
      gated.read(out, {});
    gated.finish({});
  } catch (const Error& error) {
    CHECK(error.category() == Category::health);
    return error.what();
  }
  return "";
}

}  // namespace

TEST_CASE("a lost laser behind gain control and a faint hum are caught in the dark, and by nothing else") {
  CHECK(end_of_run(*dark_looked("seed=3"), 3 << 20).empty());
  for (const auto& [fault, test] :
       {std::pair("agc_mask@1200000", "dark-variance"), std::pair("hum@1200000:size=0.02", "dark-line")}) {
    CAPTURE(fault);
    const std::string rest = std::string("seed=3&fault=") + fault;
    CHECK_THAT(end_of_run(*dark_looked(rest), 4 << 20), Contains(test) && Contains("without its light"));
    // It sets in after the first look; a run too short for a second one has the last one.
    CHECK_THAT(end_of_run(*dark_looked(rest), 1 << 19), Contains(test));
    CHECK(end_of_run(*dark_looked(rest, 0), 4 << 20).empty());
    // From the start: not one sample is used.
    const auto ill =
        dark_looked("seed=3&fault=" + std::string(fault).replace(std::string(fault).find("1200000"), 7, "0"));
    GatedSource gated(*ill);
    CHECK(category_of([&] { gated.start({}); }) == Category::health);
    CHECK(gated.record().health.samples_admitted == 0);
    CHECK(gated.record().health.alarms.at(0).test == test);
    CHECK_FALSE(gated.record().health.running);
  }
}

TEST_CASE("light from outside of a sensor is seen in the dark, and its healthy looks pass") {
  const std::string sensor = "sim:photon-number?prnu=0&dsnu=0&gain=0.5&offset=20";
  CHECK(end_of_run(*dark_looked("seed=2", every, sensor), 5 << 20).empty());
  // Half of the light is replaced: monitors see that the law is another, the dark says why.
  CHECK_THAT(end_of_run(*dark_looked("seed=2&fault=light_leak@0:size=1", every, sensor), 1 << 20), Contains("dark-"));
}

TEST_CASE("no dark sample is used") {
  // What the gate hands on is what the source gives after each look, the start-up test left out.
  const auto source = dark_looked("seed=9"), twin = dark_looked("seed=9", 0);
  GatedSource gated(*source);
  gated.start({});
  const std::size_t window = gated.window_bytes(), all = every + 100 * window;
  std::vector<std::byte> out(all);
  gated.read(out, {});
  gated.finish({});
  const GateRecord record = gated.record();
  CHECK(record.health.samples_admitted == all);
  CHECK(record.health.samples_discarded == 0);
  CHECK(record.health.start_up_tests_passed == 2);
  // Lit samples have eleven times the variance of dark ones: a stretch of dark ones would show.
  for (std::size_t at = 0; at < all; at += 1024) {
    double squares = 0;
    for (std::size_t i = at; i < at + 1024; ++i)
      squares += std::pow(std::to_integer<int>(out[i]) - 127.5, 2) / 1024;
    REQUIRE(squares > 700);
  }
  CHECK(gate_faults(record, source->info(), all) == std::vector<std::string>{});
}

TEST_CASE("looks are on record, and whoever verifies a run judges them again") {
  const auto source = dark_looked("seed=5");
  KeyStream keys(*source, {.bytes = 600'000}, as_told(), {});
  std::vector<std::byte> out(600'000);
  keys.fill(std::span(out).first(100'000), {});
  // Not finished: what is on record now does not pass.
  CHECK_FALSE(run_faults(keys.record(), 4'800'000).empty());
  keys.fill(std::span(out).subspan(100'000), {});
  const RunRecord honest = keys.record();
  CHECK(run_faults(honest, 4'800'000) == std::vector<std::string>{});
  const auto& tests = honest.gate.health.tests;
  REQUIRE(tests.size() == 14);
  CHECK(tests[11].id == "dark-mean");
  CHECK(tests[13].readings["checks"] == 3U);
  CHECK(tests[13].readings["longest"] == every);
  CHECK(honest.gate.health.start_up_tests_passed == 2);
  const Json json = to_json(honest);
  ObjectReader reader(json, "");
  CHECK(to_json(take_run_record(reader)) == json);

  const auto told = [&](const std::function<void(RunRecord&)>& lie) {
    RunRecord record = honest;
    lie(record);
    return !run_faults(record, 4'800'000).empty();
  };
  CHECK(told([](auto& r) { r.gate.health.tests.resize(11); }));
  CHECK(told([](auto& r) { r.gate.health.tests.pop_back(); }));
  CHECK(told([](auto& r) { r.source.claim.details["calibration"].erase("dark_check"); }));
  CHECK(told([](auto& r) { r.source.claim.details.erase("calibration"); }));
  CHECK(told([](auto& r) { r.source.claim.details["calibration"]["dark_check"]["every"] = every / 2; }));
  CHECK(told([](auto& r) { r.source.claim.details["calibration"]["dark_check"]["variance"] = 5; }));
  CHECK(told([](auto& r) { r.source.claim.details["calibration"]["dark_check"]["lit_variance"] = 5; }));
  CHECK(told([](auto& r) { r.source.claim.details["calibration"]["dark_check"]["more"] = 5; }));
  CHECK(told([](auto& r) { r.gate.health.start_up_tests_passed = 1; }));
  CHECK(told([](auto& r) {
    for (std::size_t i = 11; i < 14; ++i)
      r.gate.health.tests[i].readings["checks"] = 2;
  }));
  CHECK(told([](auto& r) {
    for (std::size_t i = 11; i < 14; ++i)
      r.gate.health.tests[i].readings["checks"] = ~std::uint64_t{0};
  }));
  CHECK(told([](auto& r) { r.gate.health.tests[4].readings["blocks"] = 2; }));
  CHECK(told([](auto& r) { r.gate.health.tests[4].readings["blocks"] = 200; }));
  CHECK(told([](auto& r) { r.gate.health.tests[4].readings["blocks"] = "many"; }));

  // The fault sets in after all but the last look: the last bytes are not handed out.
  const auto ill = dark_looked("seed=5&fault=agc_mask@4200000");
  KeyStream last(*ill, {.bytes = 600'000}, as_told(), {});
  last.fill(std::span(out).first(300'000), {});
  CHECK(category_of([&] { last.fill(std::span(out).subspan(300'000), {}); }) == Category::health);
  CHECK(std::all_of(out.begin() + 300'000, out.end(), [](std::byte b) { return b == std::byte{0}; }));
}

TEST_CASE("an interval out of range, and a unit whose dark says nothing, are refused") {
  CHECK(category_of([] { dark_looked("seed=1", every - 1); }) == Category::usage);
  CHECK(category_of([] { dark_looked("seed=1", (std::uint64_t{1} << 48) + 1); }) == Category::usage);
  CHECK_FALSE(is_calibrated(simulated_source("sim:homodyne?seed=1")->info()));
  CHECK(dark_looked("seed=1", 0)->info().claim.details["calibration"].contains("dark_check") == false);
}

TEST_CASE("what ends a source in the dark ends the run, and the cable's faults are told as ever") {
  for (const auto& [fault, category] :
       {std::pair("unplug@100000", Category::device), std::pair("stall@100000", Category::device)}) {
    CAPTURE(fault);
    const auto source = dark_looked(std::string("seed=1&fault=") + fault);
    GatedSource gated(*source);
    CHECK(category_of([&] { gated.start({}); }) == category);
  }
  std::stop_source stop;
  stop.request_stop();
  const auto source = dark_looked("seed=1");
  GatedSource gated(*source);
  CHECK(category_of([&] { gated.start({.stop = stop.get_token()}); }) == Category::interrupted);
}

TEST_CASE("a watch looks in the dark, too, and goes on when it has told what it saw") {
  std::vector<WatchReport> reports;
  const auto take = [&](const WatchReport& report) { reports.push_back(report); };
  const auto healthy = dark_looked("seed=4");
  CHECK(watch(*healthy, {.samples = 3'000'000}, take, {}).alarms == 0);
  REQUIRE(reports.back().health.tests.size() == 14);
  CHECK(reports.back().health.tests[12].readings["checks"] == 3U);
  CHECK(reports.back().health.running);
  reports.clear();
  const auto ill = dark_looked("seed=4&fault=agc_mask@1500000");
  CHECK(watch(*ill, {.samples = 3'000'000}, take, {}).alarms == 2);
  const auto alarmed = std::count_if(reports.begin(), reports.end(), [](const auto& r) {
    return r.last_alarm && r.last_alarm->test == "dark-variance";
  });
  CHECK(alarmed == 2);
}
