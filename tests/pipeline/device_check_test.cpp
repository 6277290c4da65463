// SPDX-License-Identifier: Apache-2.0
#include "pipeline/device_check.h"

#include <catch2/catch.hpp>

#include "core/error.h"
#include "driver/registry.h"
#include "driver/simulated/models.h"

using namespace lightseed;
using namespace std::chrono_literals;

namespace {

std::unique_ptr<Source> simulated_source(const std::string& uri) {
  SourceRegistry sources;
  simulated::add_models(sources);
  return sources.open(uri);
}

}  // namespace

TEST_CASE("a device that is well is timed, tested and said to be well") {
  const auto source = simulated_source("sim:homodyne?seed=1");
  const DeviceCheck check = check_device(*source, 20ms, {});
  CHECK(check.well);
  CHECK(check.samples > 0);
  CHECK(check.samples_per_second > 0);
  CHECK_FALSE(check.health.empty());
  CHECK(check.verdict.find("well") != std::string::npos);
}

TEST_CASE("a device that fails a health test is not well, and the verdict says which") {
  const auto source = simulated_source("sim:homodyne?seed=1&fault=dead@0");
  const DeviceCheck check = check_device(*source, 20ms, {});
  CHECK_FALSE(check.well);
  CHECK(check.verdict.find("repetition-count") != std::string::npos);
  CHECK_FALSE(check.health.empty());
}

TEST_CASE("a check that is interrupted is an interruption and no verdict") {
  const auto source = simulated_source("sim:homodyne?seed=1");
  std::stop_source stop;
  stop.request_stop();
  try {
    (void)check_device(*source, 20ms, stop.get_token());
    FAIL("it went on");
  } catch (const Error& error) {
    CHECK(error.category() == Category::interrupted);
  }
}
