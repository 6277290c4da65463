// SPDX-License-Identifier: Apache-2.0
// Monitors of a model at the gate, in the record, and under the eyes of who verifies and who watches.
#include <catch2/catch.hpp>
#include <functional>
#include <string>
#include <vector>

#include "core/error.h"
#include "pipeline/gate_faults.h"
#include "pipeline/gated_source.h"
#include "pipeline/watch.h"
#include "tests/pipeline/simulated_source.h"

using namespace lightseed;
using Catch::Contains;
using test::simulated_source;

TEST_CASE("a gate runs the model's monitors, and no lie about them is believed where it can be known") {
  for (const char* const uri : {"sim:homodyne?seed=1", "sim:which-path?seed=1"}) {
    CAPTURE(uri);
    const auto source = simulated_source(uri);
    const bool bits = source->info().format.bits == 1;
    GatedSource gated(*source);
    gated.start({});
    std::vector<std::byte> out(gated.window_bytes() * 400);
    gated.read(out, {});
    const std::uint64_t samples = source->info().format.samples_in(out.size());
    const GateRecord honest = gated.record();
    CHECK(honest.health.start_up_samples == 65536);
    REQUIRE(honest.health.tests.size() == (bits ? 8 : 11));
    CHECK(gate_faults(honest, source->info(), samples) == std::vector<std::string>{});
    CHECK(health_record_from(ObjectReader(to_json(honest.health), "")).tests.size() == honest.health.tests.size());

    const auto told = [&](const std::function<void(std::vector<HealthTestRecord>&)>& lie) {
      GateRecord record = honest;
      lie(record.health.tests);
      return gate_faults(record, source->info(), samples);
    };
    for (std::size_t i = 2; i < honest.health.tests.size(); ++i) {
      CAPTURE(honest.health.tests[i].id);
      CHECK(told([&](auto& tests) { tests.erase(tests.begin() + static_cast<std::ptrdiff_t>(i)); }).empty() ==
            (honest.health.tests[i].id == "model-codes"));
      CHECK_FALSE(told([&](auto& tests) { tests[i].alpha_log2 = -60; }).empty());
      CHECK_FALSE(told([&](auto& tests) { tests[i].window = 512; }).empty());
      CHECK_FALSE(told([&](auto& tests) { tests[i].readings["highest"] = 1e9; }).empty());
      CHECK_FALSE(told([&](auto& tests) { tests[i].readings["blocks"] = 2; }).empty());
    }
    CHECK_FALSE(told([](auto& tests) { std::swap(tests[2], tests[3]); }).empty());
    // Records of before there was a monitor of codes lack it, and it alone.
    if (!bits) {
      CHECK(told([](auto& tests) { tests.pop_back(); }).empty());
      CHECK_FALSE(told([](auto& tests) { tests.resize(tests.size() - 2); }).empty());
    }
    // None at all: that is how certificates were before there were monitors.
    CHECK(told([](auto& tests) { tests.resize(2); }).empty());
    SourceInfo other = source->info();
    other.driver = "usb:rava";
    CHECK_FALSE(gate_faults(honest, other, samples).empty());
  }
}

TEST_CASE("a source that is ill from the start is not used, though SP 800-90B's tests would pass it") {
  const auto source = simulated_source("sim:homodyne?seed=1&fault=dc_drift@0");
  GatedSource gated(*source);
  try {
    gated.start({});
    FAIL("the start-up test let it pass");
  } catch (const Error& error) {
    CHECK(error.category() == Category::health);
    CHECK_THAT(error.what(), Contains("start-up test, model-mean: the mean of the codes is"));
  }
}

TEST_CASE("a watch describes each interval, tells alarms, and ends where it should") {
  std::vector<WatchReport> reports;
  const auto take = [&](const WatchReport& report) { reports.push_back(report); };
  const auto healthy = simulated_source("sim:homodyne?seed=1");
  Watched watched = watch(*healthy, {.samples = 300'000, .interval = 100'000}, take, {});
  // Intervals are whole windows of 512 samples.
  REQUIRE(reports.size() == 3);
  CHECK(reports[0].samples == 100'352);
  CHECK(watched.samples == 300'000);
  CHECK(watched.alarms == 0);
  CHECK_FALSE(watched.ended);
  CHECK(reports[2].portrait.samples == 300'000 - 2 * 100'352);
  CHECK(reports[1].portrait.min_entropy == Approx(6.40).margin(0.1));
  CHECK(reports[2].health.tests.size() == 11);
  CHECK(reports[2].health.running);

  reports.clear();
  const auto ill = simulated_source("sim:homodyne?seed=1&fault=dc_drift@150000:for=100000");
  watched = watch(*ill, {.samples = 600'000, .interval = 131'072}, take, {});
  CHECK(watched.alarms >= 1);
  CHECK(watched.alarms <= 3);
  REQUIRE(reports.size() == 5);
  CHECK_FALSE(reports[0].last_alarm);
  REQUIRE(reports[1].last_alarm);
  CHECK(reports[1].last_alarm->test == "model-mean");
  CHECK(reports[4].health.running);

  // The end of the source is told; one that claims nothing is described and not judged.
  const auto gone = simulated_source("sim:homodyne?seed=1&fault=unplug@5000");
  watched = watch(*gone, {.samples = 100'000, .interval = 4096}, take, {});
  CHECK(watched.ended == Category::device);
  CHECK(watched.samples == 5000);
  reports.clear();
  const auto unclaimed = simulated_source("sim:homodyne?seed=1&noise_correlation=0.9");
  CHECK(watch(*unclaimed, {.samples = 70'000}, take, {}).samples == 70'000);
  REQUIRE(reports.size() == 1);
  CHECK(reports[0].health.tests.empty());
  CHECK(reports[0].portrait.correlation[0] > 0.05);
  CHECK_THROWS_AS(watch(*unclaimed, {.interval = 100}, take, {}), Error);
  std::stop_source stop;
  stop.request_stop();
  CHECK(watch(*unclaimed, {}, take, stop.get_token()).samples == 0);
}
