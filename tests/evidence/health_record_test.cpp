// SPDX-License-Identifier: Apache-2.0
#include "evidence/health_record.h"

#include <catch2/catch.hpp>

#include "core/error.h"

using namespace lightseed;

namespace {

HealthRecord full_record() {
  return {.standard = "NIST SP 800-90B 4.3, 4.4",
          .claim = 6.369,
          .alpha_log2 = -30,
          .tests = {{.id = "repetition-count", .window = 1, .cutoff = 6, .alpha_log2 = -31.845},
                    {.id = "adaptive-proportion", .window = 512, .cutoff = 513},
                    {.id = "a-monitor", .window = 512, .readings = {{"gain", 1.84}}}},
          .start_up_samples = 4096,
          .start_up_tests_passed = 3,
          .samples_admitted = 1'000'000,
          .samples_discarded = 512,
          .alarms = {{"repetition-count", 5000, "a value came 6 times in a row", false}},
          .recoveries = {{"unplugged; opening it again helped", 9000, true}},
          .running = true};
}

HealthRecord read(const Json& json) {
  return health_record_from({json, "health"});
}

}  // namespace

TEST_CASE("a health record says the same after a journey through JSON") {
  const Json json = to_json(full_record());
  CHECK(to_json(read(json)) == json);
  CHECK(json["tests"][1]["alpha_log2"].is_null());
  CHECK(json["tests"][2]["cutoff"].is_null());
  CHECK(to_json(read(to_json(HealthRecord{}))) == to_json(HealthRecord{}));
}

TEST_CASE("a health record with a missing, unknown or wrong member is refused with its path") {
  const Json good = to_json(full_record());
  const auto path_in_fault = [&](const Json& bad) -> std::string {
    try {
      (void)read(bad);
    } catch (const Error& e) {
      CHECK(e.category() == Category::malformed);
      return e.what();
    }
    return "nothing was wrong";
  };
  for (const auto& [name, value] : good.items()) {
    CAPTURE(name);
    Json without = good;
    without.erase(name);
    CHECK(path_in_fault(without).find("health." + name) != std::string::npos);
    Json other = good;
    other[name] = Json::array({Json::array()});
    CHECK(path_in_fault(other).find("health." + name) != std::string::npos);
  }
  const std::pair<const char*, Json> lies[] = {
      {"/tests/0/cutoff", 6.5},     {"/tests/0/window", 0},   {"/tests/0/alpha_log2", "never"},
      {"/tests/0/surprise", 1},     {"/tests/2/readings", 3}, {"/alarms/0/sample", -1},
      {"/alarms/0/at_start_up", 0}, {"/alarms/0/cutoff", 6},  {"/recoveries/0/words", nullptr},
      {"/samples_admitted", 1e6},   {"/alarm", nullptr}};
  for (const auto& [where, lie] : lies) {
    CAPTURE(where);
    Json bad = good;
    bad[Json::json_pointer(where)] = lie;
    CHECK(path_in_fault(bad).find("health.") != std::string::npos);
  }
}
