// SPDX-License-Identifier: Apache-2.0
#include "pipeline/gate_history.h"

#include <catch2/catch.hpp>

namespace lightseed {
namespace {

HealthRecord health_at(std::uint64_t admitted, double last) {
  HealthRecord record;
  record.tests = {{.id = "adaptive-proportion"},
                  {.id = "mean", .readings = {{"blocks", 3}, {"low", -1.5}, {"high", 1.5}, {"last", last}}}};
  record.start_up_samples = 100;
  record.start_up_tests_passed = 2;
  record.samples_admitted = admitted;
  record.samples_discarded = 7;
  return record;
}

TEST_CASE("a history keeps what monitors read, at the samples their gate had looked at") {
  GateHistory history;
  CHECK(history.tests().empty());
  history.note({.health = health_at(1000, 0.5)});
  history.note({.health = health_at(1000, 0.5)});  // nothing new came
  history.note({.health = health_at(2000, -0.25)});
  REQUIRE(history.tests().size() == 2);
  CHECK(history.samples() == 2207);
  CHECK(history.tests()[0].readings.empty());
  const auto& mean = history.tests()[1];
  CHECK(mean.low == -1.5);
  CHECK(mean.high == 1.5);
  REQUIRE(mean.readings.size() == 2);
  CHECK(mean.readings[0].sample == 1207);
  CHECK(mean.readings[1].sample == 2207);
  CHECK(mean.readings[1].value == -0.25);
}

TEST_CASE("alarms are those of the gate's record, each once, also beyond what was admitted") {
  GateHistory history;
  HealthRecord health = health_at(1000, 0);
  health.alarms = {{.test = "mean", .sample = 5000, .words = "off"}};
  history.note({.health = health});
  history.note({.health = health});
  CHECK(history.samples() == 5000);
  REQUIRE(history.tests()[1].alarms.size() == 1);
  CHECK(history.tests()[1].alarms[0].sample == 5000);
  const Json json = to_json(history);
  CHECK(json["samples"] == 5000);
  CHECK(json["tests"][1]["alarms"] == Json({{{"sample", 5000}, {"words", "off"}}}));
  CHECK(json["tests"][1]["readings"] == Json({{5000, 0.0}}));
  CHECK_FALSE(json["tests"][0].contains("readings"));
  CHECK_FALSE(json["tests"][0].contains("member"));
}

TEST_CASE("members of a pool are told apart") {
  GateHistory history;
  history.note({.health = {},
                .members = {{.uri = "a:", .health = health_at(10, 0)}, {.uri = "b:", .health = health_at(900, 1)}}});
  REQUIRE(history.tests().size() == 4);
  CHECK(history.tests()[0].member == "a:");
  CHECK(history.tests()[3].member == "b:");
  CHECK(history.tests()[3].readings[0].value == 1);
  CHECK(history.samples() == 1107);
}

TEST_CASE("readings stay few and reach from the beginning to the end, however long a run is") {
  GateHistory history;
  constexpr std::uint64_t notes = 10'000;
  for (std::uint64_t k = 1; k <= notes; ++k)
    history.note({.health = health_at(k * 1000, 0)});
  const auto& readings = history.tests()[1].readings;
  CHECK(readings.size() <= GateHistory::most_readings);
  CHECK(readings.size() >= GateHistory::most_readings / 4);
  CHECK(readings.front().sample == 1207);
  CHECK(readings.back().sample > notes * 1000 * 9 / 10);
  std::uint64_t widest = 0;
  for (std::size_t k = 1; k < readings.size(); ++k) {
    REQUIRE(readings[k].sample > readings[k - 1].sample);
    widest = std::max(widest, readings[k].sample - readings[k - 1].sample);
  }
  CHECK(widest <= 64 * 1000);
}

}  // namespace
}  // namespace lightseed
