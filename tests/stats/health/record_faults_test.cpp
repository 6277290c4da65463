// SPDX-License-Identifier: Apache-2.0
#include "stats/health/record_faults.h"

#include <catch2/catch.hpp>
#include <random>

#include "stats/health/gate.h"

using namespace lightseed;
using namespace lightseed::health;

namespace {

/// A gate that has seen a start-up, samples, an alarm, another start-up and samples.
HealthRecord lived() {
  HealthGate gate({.format = {8, 8}, .min_entropy = 6.369});
  std::mt19937 random(3);
  std::vector<std::byte> block(gate.start_up_bytes());
  const auto noise = [&]() -> std::span<const std::byte> {
    for (auto& b : block)
      b = static_cast<std::byte>(random());
    return block;
  };
  REQUIRE(gate.start_up(noise()));
  for (int i = 0; i < 100; ++i)
    REQUIRE(gate.admit(noise()));
  (void)noise();
  std::fill_n(block.begin() + 1000, 10, std::byte{7});
  REQUIRE_FALSE(gate.admit(block));
  gate.discard(0, block.size());
  gate.restart();
  REQUIRE(gate.start_up(noise()));
  REQUIRE(gate.admit(noise()));
  gate.restart_recovered("unplugged");
  gate.restart_recovered("unplugged again");
  REQUIRE(gate.start_up(noise()));
  REQUIRE(gate.admit(noise()));
  return gate.evidence();
}

bool fits(const HealthRecord& record) {
  return faults_of(record, 6.369, {8, 8}).empty();
}

}  // namespace

TEST_CASE("the record of a gate that ran has no fault") {
  const HealthRecord record = lived();
  CHECK(record.start_up_tests_passed == 3);
  for (const std::string& fault : faults_of(record, 6.369, {8, 8}))
    FAIL_CHECK(fault);
}

TEST_CASE("every lie in a health record is found") {
  const HealthRecord honest = lived();
  const std::pair<const char*, void (*)(HealthRecord&)> lies[] = {
      {"a lower claim", [](HealthRecord& r) { r.claim = 3; }},
      {"a claim above the sample's bits", [](HealthRecord& r) { r.claim = 9; }},
      {"another alpha", [](HealthRecord& r) { r.alpha_log2 = -40; }},
      {"an alpha that never fires", [](HealthRecord& r) { r.alpha_log2 = -1000; }},
      {"an alpha that always fires", [](HealthRecord& r) { r.alpha_log2 = -10; }},
      {"a higher cut-off", [](HealthRecord& r) { r.tests[0].cutoff = 60; }},
      {"no cut-off", [](HealthRecord& r) { r.tests[1].cutoff.reset(); }},
      {"another window", [](HealthRecord& r) { r.tests[1].window = 64; }},
      {"a nicer rate", [](HealthRecord& r) { r.tests[1].alpha_log2 = -30; }},
      {"no rate", [](HealthRecord& r) { r.tests[0].alpha_log2.reset(); }},
      {"a test left out", [](HealthRecord& r) { r.tests.pop_back(); }},
      {"no tests", [](HealthRecord& r) { r.tests.clear(); }},
      {"tests in another order", [](HealthRecord& r) { std::swap(r.tests[0], r.tests[1]); }},
      {"a test twice", [](HealthRecord& r) { r.tests.push_back(r.tests[0]); }},
      {"a monitor that cries all the time",
       [](HealthRecord& r) { r.tests.push_back({.id = "loud", .alpha_log2 = -5}); }},
      {"a short start-up", [](HealthRecord& r) { r.start_up_samples = 1000; }},
      {"a start-up too few", [](HealthRecord& r) { r.start_up_tests_passed = 2; }},
      {"a start-up too many", [](HealthRecord& r) { r.start_up_tests_passed = 4; }},
      {"no start-up", [](HealthRecord& r) { r.start_up_tests_passed = 0; }},
      {"an alarm left out", [](HealthRecord& r) { r.alarms.clear(); }},
      {"an alarm of nobody", [](HealthRecord& r) { r.alarms[0].test = "nobody"; }},
      {"an alarm after the end", [](HealthRecord& r) { r.alarms[0].sample = 1'000'000; }},
      {"a recovery left out", [](HealthRecord& r) { r.recoveries.erase(r.recoveries.begin()); }},
      {"a gate that is said to be closed", [](HealthRecord& r) { r.running = false; }},
      {"alarms that are no chance",
       [](HealthRecord& r) {
         for (std::uint64_t i = 1; i < 4; ++i)
           r.alarms.push_back({"repetition-count", r.alarms[0].sample + i, "again", true});
       }},
      {"the same alarm twice", [](HealthRecord& r) { r.alarms.push_back(r.alarms[0]); }}};
  for (const auto& [what, lie] : lies) {
    CAPTURE(what);
    HealthRecord told = honest;
    lie(told);
    CHECK_FALSE(fits(told));
  }
  CHECK_FALSE(faults_of(honest, 6.5, {8, 8}).empty());  // credited with more than was tested for
  CHECK_FALSE(faults_of(honest, 6.369, {1, 1}).empty());
  CHECK(faults_of(honest, 4, {8, 8}).empty());
}
