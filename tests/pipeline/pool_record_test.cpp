// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>
#include <cmath>

#include "pipeline/gate_faults.h"
#include "pipeline/gated_source.h"
#include "stats/health/monitored.h"
#include "tests/pipeline/fake_device.h"

// What the gates of a pool's members do, and what is on record of it.

using namespace lightseed;
using test::FakeDevice;
using test::patient;
using test::pool_of;

TEST_CASE("An alarm that chance explains costs a member of a pool its block and no more") {
  std::vector<std::string> told;
  const auto pool = pool_of({{.number = 1, .hiccups_at = {200'000}}});
  GatedSource gated(*pool, {.notice = [&](const std::string& sentence) { told.push_back(sentence); }});
  gated.start(patient());
  std::vector<std::byte> block(gated.window_bytes() * 1000);
  gated.read(block, patient());
  const GateRecord record = gated.record();
  REQUIRE(record.members.size() == 1);
  const HealthRecord& health = record.members[0].health;
  CHECK(health.alarms.size() == 1);
  CHECK(health.start_up_tests_passed == 2);
  CHECK(health.running);
  CHECK_FALSE(record.members[0].left);
  CHECK(told.size() == 1);
  CHECK(gate_faults(record, pool->info(), block.size()) == std::vector<std::string>{});
}

TEST_CASE("What each member's gate admitted is on record, and adds up to what was read") {
  const auto pool = pool_of({{.number = 0},
                             {.number = 1, .ends_at = 100'000},
                             {.number = 2, .starts = false},
                             {.number = 3, .ends_at = 60'000, .end = ReadState::restarted}});
  GatedSource gated(*pool);
  gated.start(patient());
  std::vector<std::byte> raw(gated.window_bytes() * 997);  // ends within a block
  for (int i = 0; i < 3; ++i)
    gated.read(raw, patient());
  const GateRecord honest = gated.record();
  const std::uint64_t samples = 3 * raw.size();
  REQUIRE(honest.members.size() == 4);
  CHECK(gate_faults(honest, pool->info(), samples) == std::vector<std::string>{});
  CHECK(honest.members[0].health.samples_admitted > 0);
  CHECK(honest.members[1].left.has_value());
  CHECK(honest.members[2].health.samples_admitted == 0);
  CHECK(honest.members[3].health.recoveries.size() == 1);

  const std::pair<const char*, void (*)(GateRecord&)> lies[] = {
      {"a member left out", [](GateRecord& r) { r.members.pop_back(); }},
      {"no members", [](GateRecord& r) { r.members.clear(); }},
      {"another member", [](GateRecord& r) { r.members[0].uri = "fake:9"; }},
      {"members exchanged", [](GateRecord& r) { std::swap(r.members[0], r.members[3]); }},
      {"a sample more", [](GateRecord& r) { ++r.members[0].health.samples_admitted; }},
      {"a gate set otherwise", [](GateRecord& r) { r.members[3].health.alpha_log2 = -40; }},
      {"a lower claim", [](GateRecord& r) { r.members[0].health.claim = 3; }},
      {"a higher cut-off", [](GateRecord& r) { r.members[0].health.tests[0].cutoff = 60; }},
      {"a closed gate", [](GateRecord& r) { r.members[0].health.running = false; }},
      {"a recovery left out", [](GateRecord& r) { r.members[3].health.recoveries.clear(); }},
      {"no reason", [](GateRecord& r) { r.members[1].left->words.clear(); }}};
  for (const auto& [what, lie] : lies) {
    CAPTURE(what);
    GateRecord told = honest;
    lie(told);
    CHECK(gate_faults(told, pool->info(), samples) != std::vector<std::string>{});
  }
  SourceInfo single = pool->info();
  single.driver = "fake:";
  CHECK(gate_faults(honest, single, samples) != std::vector<std::string>{});
}

TEST_CASE("A pool runs the health tests that a member brings") {
  class Never final : public health::HealthTest {
   public:
    [[nodiscard]] std::size_t window() const noexcept override { return 96; }
    void restart() override {}
    [[nodiscard]] std::optional<health::Failure> feed(const health::Samples&) override {
      return health::Failure{0, "this will not do"};
    }
    [[nodiscard]] HealthTestRecord record() const override { return {.id = "never"}; }
  };
  class Picky final : public Source, public health::Monitored {
   public:
    [[nodiscard]] const SourceInfo& info() const noexcept override { return inner_.info(); }
    void start(const Patience& patience) override { inner_.start(patience); }
    void stop() noexcept override {}
    [[nodiscard]] Read read(std::span<std::byte> out, const Patience& patience) override {
      return inner_.read(out, patience);
    }
    [[nodiscard]] std::vector<std::unique_ptr<health::HealthTest>> make_health_tests() override {
      std::vector<std::unique_ptr<health::HealthTest>> tests;
      tests.push_back(std::make_unique<Never>());
      return tests;
    }

   private:
    FakeDevice inner_{{.number = 2}};
  };
  std::vector<std::unique_ptr<Source>> members;
  members.push_back(std::make_unique<FakeDevice>(FakeDevice::Plan{.number = 1}));
  members.push_back(std::make_unique<Picky>());
  Pool pool("pool:test", std::move(members));
  GatedSource gated(pool);
  gated.start(patient());
  CHECK(gated.window_bytes() == 1536);  // whole windows of every member
  std::vector<std::byte> raw(gated.window_bytes() * 100);
  for (int i = 0; i < 100 && !gated.record().members[1].left; ++i)
    gated.read(raw, patient());
  const GateRecord record = gated.record();
  CHECK_FALSE(record.members[0].left);
  REQUIRE(record.members[1].left);
  CHECK_THAT(record.members[1].left->words, Catch::Contains("never: this will not do"));
  CHECK(record.members[1].health.samples_admitted == 0);
}

TEST_CASE("A test that only one kind of device brings is judged by that kind's rule") {
  const auto pool = pool_of({{.number = 0}, {.number = 1}});
  GatedSource gated(*pool);
  gated.start(patient());
  std::vector<std::byte> raw(gated.window_bytes() * 100);
  gated.read(raw, patient());
  GateRecord record = gated.record();
  REQUIRE(gate_faults(record, pool->info(), raw.size()) == std::vector<std::string>{});
  HealthTestRecord loop{.id = "infnoise-loop-gain", .window = 512};
  loop.readings = {{"bits", 100'000}, {"longest_run", 17}, {"entropy_per_bit", 0.889}, {"gain", std::exp2(0.88)}};
  for (GatedMember& member : record.members)
    member.health.tests.push_back(loop);
  SourceInfo info = pool->info();
  // Neither member is such a device.
  CHECK(gate_faults(record, info, raw.size()).size() == 2);
  for (Json& member : info.parameters["members"])
    member["driver"] = "usb:infnoise";
  CHECK(gate_faults(record, info, raw.size()) == std::vector<std::string>{});
  record.members[0].health.tests.back().readings["gain"] = 1.7;
  CHECK(gate_faults(record, info, raw.size()).size() == 1);
}
