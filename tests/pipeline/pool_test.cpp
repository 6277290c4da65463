// SPDX-License-Identifier: Apache-2.0
#include "pipeline/pool.h"

#include <array>
#include <atomic>
#include <catch2/catch.hpp>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <map>
#include <random>
#include <thread>

#include "core/error.h"
#include "driver/simulated/models.h"
#include "pipeline/gate_faults.h"
#include "pipeline/gated_source.h"
#include "stats/health/monitored.h"
#include "tests/category_of.h"
#include "tests/scratch.h"

using namespace lightseed;
using namespace std::chrono_literals;

namespace {

/// Random bytes with the member's number in the two upper bits, until something happens.
class FakeDevice final : public Source {
 public:
  struct Plan {
    unsigned number = 0;
    std::uint64_t ends_at = ~std::uint64_t{0};  ///< then `end`
    ReadState end = ReadState::disconnected;
    std::uint64_t sticks_at = ~std::uint64_t{0};  ///< then one value for ever
    bool starts = true;
    SampleFormat format{8, 8};
    double claim = 4;
    Provenance provenance = Provenance::hardware;
    double rate = 1e6;                        ///< nominal, samples a second
    std::vector<std::uint64_t> hiccups_at{};  ///< from there on, 60 times one value, by chance
    bool opens_slowly = false;                ///< its start waits to be stopped
    std::atomic<bool>* ended = nullptr;       ///< becomes true with the first read that says `end`
  };

  explicit FakeDevice(const Plan& plan) : plan_(plan), random_(plan.number) {
    info_.uri = "fake:" + std::to_string(plan.number);
    info_.serial = "S" + std::to_string(plan.number);
    info_.format = plan.format;
    info_.claim.bits_per_sample = plan.claim;
    info_.provenance = plan.provenance;
    info_.nominal_rate = plan.rate;
  }

  [[nodiscard]] const SourceInfo& info() const noexcept override { return info_; }
  void start(const Patience& patience) override {
    while (plan_.opens_slowly && !patience.stopped() && !patience.expired())
      std::this_thread::sleep_for(1ms);
    if (!plan_.starts) throw Error(Category::device, info_.uri + " does not start");
    sent_ = 0;
  }
  void stop() noexcept override {}

  [[nodiscard]] Read read(std::span<std::byte> out, const Patience& patience) override {
    if (patience.stopped()) return {0, ReadState::stopped, "asked to stop"};
    if (sent_ >= plan_.ends_at) {
      const ReadState end = plan_.end;
      if (plan_.ended != nullptr) *plan_.ended = true;
      if (end == ReadState::restarted) plan_.ends_at = ~std::uint64_t{0};
      return {0, end, "as planned"};
    }
    const std::size_t part = std::min<std::size_t>(out.size(), 1000);
    for (std::byte& b : out.first(part)) {
      b = sent_ >= plan_.sticks_at || hiccups() ? std::byte{7}
                                                : static_cast<std::byte>((random_() & 0x3FU) | plan_.number << 6U);
      ++sent_;
    }
    std::this_thread::sleep_for(50us);
    return {part, ReadState::ok, {}};
  }

 private:
  Plan plan_;
  SourceInfo info_;
  std::mt19937 random_;
  std::uint64_t sent_ = 0;

  [[nodiscard]] bool hiccups() const {
    return std::any_of(plan_.hiccups_at.begin(), plan_.hiccups_at.end(),
                       [this](std::uint64_t at) { return sent_ >= at && sent_ < at + 60; });
  }
};

std::unique_ptr<Pool> pool_of(const std::vector<FakeDevice::Plan>& plans, const PoolNotice& notice = {}) {
  std::vector<std::unique_ptr<Source>> members;
  for (const auto& plan : plans)
    members.push_back(std::make_unique<FakeDevice>(plan));
  return std::make_unique<Pool>("pool:test", std::move(members), notice);
}

Patience patient() {
  return Patience{}.within(20s);
}

/// Reads whole blocks and counts them by member; every block is of one member throughout.
std::map<unsigned, int> count_blocks(Source& pool, int blocks) {
  std::map<unsigned, int> counts;
  std::vector<std::byte> block(16 * 1024);
  for (int i = 0; i < blocks; ++i) {
    const Read read = pool.read(block, patient());
    REQUIRE(read.state == ReadState::ok);
    REQUIRE(read.bytes == block.size());
    const unsigned number = std::to_integer<unsigned>(block[0] >> 6U);
    for (const std::byte b : block)
      REQUIRE(std::to_integer<unsigned>(b >> 6U) == number);
    ++counts[number];
  }
  return counts;
}

using test::category_of;

}  // namespace

TEST_CASE("A pool interleaves whole blocks of all its devices") {
  const auto pool =
      pool_of({{.number = 0}, {.number = 1, .claim = 3, .provenance = Provenance::simulated}, {.number = 2}});
  CHECK(pool->info().claim.bits_per_sample == 3);
  CHECK(pool->info().provenance == Provenance::simulated);
  CHECK(pool->info().serial == "S0,S1,S2");
  CHECK(pool->info().nominal_rate == 3e6);
  CHECK(pool->info().parameters.at("members").size() == 3);
  pool->start(patient());
  CHECK(count_blocks(*pool, 60).size() == 3);
  const Json status = pool->status();
  for (const Json& member : status.at("members")) {
    CHECK(member.at("health").at("samples_admitted").get<int>() > 0);
    CHECK(member.at("left").is_null());
  }
}

TEST_CASE("A device that fails leaves the pool; the others go on, and it is recorded") {
  const auto pool = pool_of({{.number = 0}, {.number = 1, .ends_at = 100'000}, {.number = 2, .starts = false}});
  pool->start(patient());
  const auto counts = count_blocks(*pool, 100);
  CHECK(counts.at(0) > counts.at(1));
  CHECK(counts.count(2) == 0);
  const Json members = pool->status().at("members");
  CHECK(members.at(0).at("left").is_null());
  CHECK(members.at(1).at("left").at("state") == "disconnected");
  CHECK(members.at(2).at("left").at("words") == "fake:2 does not start");
}

TEST_CASE("A device that sticks is found by its own gate, and none of its bad blocks comes out") {
  const auto pool = pool_of({{.number = 1}, {.number = 2, .sticks_at = 90'000}});
  pool->start(patient());
  std::vector<std::byte> block(16 * 1024);
  for (int i = 0; i < 100; ++i) {
    REQUIRE(pool->read(block, patient()).state == ReadState::ok);
    REQUIRE(std::count(block.begin(), block.end(), std::byte{7}) == 0);
  }
  const Json left = pool->status().at("members").at(1).at("left");
  CHECK(left.at("state") == "alarm");
  CHECK(left.at("words").get<std::string>().find("repetition-count") != std::string::npos);
}

TEST_CASE("A device that restarts takes its start-up test again and stays") {
  const auto pool = pool_of({{.number = 3, .ends_at = 50'000, .end = ReadState::restarted}});
  pool->start(patient());
  CHECK(count_blocks(*pool, 20).at(3) == 20);
  const GateRecord record = gate_record_from({pool->status(), "status"});
  REQUIRE(record.members.size() == 1);
  CHECK(record.members[0].health.recoveries.size() == 1);
  CHECK(record.members[0].health.start_up_tests_passed == 2);
}

TEST_CASE("When the last device has left, its end is the pool's, after the good blocks") {
  const auto pool = pool_of({{.number = 0, .ends_at = 60'000}, {.number = 1, .sticks_at = 60'000}});
  pool->start(patient());
  std::vector<std::byte> block(16 * 1024);
  Read read;
  int blocks = 0;
  while ((read = pool->read(block, patient())).state == ReadState::ok)
    ++blocks;
  CHECK(read.state == ReadState::alarm);  // outweighs the unplugged one
  CHECK(read.bytes == 0);
  CHECK(blocks == 6);
}

TEST_CASE("A pool keeps deadlines, hears a stop, and starts again") {
  const auto pool = pool_of({{.number = 0}});
  for (int i = 0; i < 3; ++i) {
    pool->start(patient());
    std::vector<std::byte> block(1 << 26);
    const Read late = pool->read(block, Patience{}.within(20ms));
    CHECK(late.state == ReadState::timeout);
    std::stop_source stop;
    stop.request_stop();
    CHECK(pool->read(block, {stop.get_token()}).state == ReadState::stopped);
    pool->stop();
  }
}

TEST_CASE("Each member of a pool has parameters of its own") {
  SourceRegistry registry;
  simulated::add_models(registry);
  for (SourceDriver& driver : pool_drivers(registry))
    registry.add(std::move(driver));
  const auto pool =
      registry.open("pool:sim:homodyne?seed=1&qcnr_db=12,sim:homodyne?seed=2&qcnr_db=13,sim:homodyne?seed=3");
  const std::string said = to_json(pool->info()).dump();
  for (const char* words : {"seed=1&qcnr_db=12", "seed=2&qcnr_db=13", "seed=3&qcnr_db=10"}) {
    CAPTURE(words, said);
    CHECK(said.find(words) != std::string::npos);
  }
  CHECK(category_of([&] { (void)registry.open("pool:sim:homodyne?seed=1&seed=2"); }) == Category::usage);
  CHECK(category_of([&] { (void)registry.open("pool:sim:homodyne,sim:homodyne?sed=2"); }) == Category::usage);
}

TEST_CASE("A member that leaves, or never joins, is told at once") {
  std::vector<std::string> told;
  const auto pool = pool_of({{.number = 0}, {.number = 1, .sticks_at = 90'000}, {.number = 2, .starts = false}},
                            [&](const std::string& sentence) { told.push_back(sentence); });
  pool->start(patient());
  REQUIRE(told.size() == 1);
  CHECK(told[0] == "fake:2 has not joined the pool (disconnected): fake:2 does not start");
  (void)count_blocks(*pool, 100);
  REQUIRE(told.size() > 2);  // an alarm that could be chance comes first
  CHECK_THAT(told[1], Catch::StartsWith("fake:1: health alarm") && Catch::Contains("start-up test repeated"));
  CHECK_THAT(told.back(), Catch::StartsWith("fake:1 has left the pool (alarm)") && Catch::Contains("repetition-count"));
}

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

TEST_CASE("A pool that is asked to stop while a member opens does so") {
  const auto pool = pool_of({{.number = 0}, {.number = 1, .opens_slowly = true}});
  GatedSource gated(*pool);
  std::stop_source stop;
  std::jthread asks([&] { stop.request_stop(); });
  CHECK(category_of([&] { gated.start({.stop = stop.get_token()}); }) == Category::interrupted);
}

TEST_CASE("A slow member's samples do not wait for a long block") {
  const auto pool = pool_of({{.number = 1, .ends_at = 4096 + 600, .rate = 1000}});
  GatedSource gated(*pool);
  gated.start(patient());
  std::vector<std::byte> raw(gated.window_bytes());
  CHECK_NOTHROW(gated.read(raw, patient()));
}

TEST_CASE("A member that ends before anybody looks has joined all the same, and its block is read") {
  std::atomic<bool> ended = false;
  // The start-up test and three blocks of a quarter of a second; then it ends, while the reader is busy telling of its
  // progress.
  const auto pool = pool_of({{.number = 1, .ends_at = 4096 + 600, .rate = 1000, .ended = &ended}});
  GatedSource gated(*pool, {.progress = [&](std::string_view, std::uint64_t, std::uint64_t) {
    while (!ended)
      std::this_thread::sleep_for(1ms);
    std::this_thread::sleep_for(10ms);
  }});
  gated.start(patient());
  std::vector<std::byte> raw(750);
  CHECK_NOTHROW(gated.read(raw, patient()));
  CHECK(category_of([&] { gated.read(raw, patient()); }) == Category::device);
}

TEST_CASE("The same source cannot be in a pool twice, whatever it is called") {
  SourceRegistry registry;
  add_devices(registry);
  simulated::add_models(registry);
  for (SourceDriver& driver : pool_drivers(registry))
    registry.add(std::move(driver));
  const auto refused = [&](const char* uri) {
    return category_of([&] { (void)registry.open(uri); }) == Category::usage;
  };
  CHECK(refused("pool:sim:homodyne?seed=42,sim:homodyne?seed=42"));
  CHECK(refused("pool:sim:homodyne?seed=42,sim:homodyne?seed=042"));
  CHECK(refused("pool:sim:homodyne?seed=42,sim:homodyne?seed=43,sim:homodyne?seed=42&qcnr_db=12"));
  CHECK(category_of([] { (void)pool_of({{.number = 1}, {.number = 1}}); }) == Category::usage);
  const auto pool = pool_of({{.number = 0}, {.number = 1}});
  CHECK(pool->info().claim.assumptions.back() == "the members of the pool are independent of each other");
}

TEST_CASE("One file is one source, under any name that leads to it") {
  const test::Scratch scratch;
  SourceRegistry registry;
  add_devices(registry);
  for (SourceDriver& driver : pool_drivers(registry))
    registry.add(std::move(driver));
  const std::string folder = scratch.path().string();
  std::ofstream(scratch / "a,b") << std::string(4096, 'x');
  std::ofstream(scratch / "c") << std::string(4096, 'y');
  std::filesystem::create_symlink(scratch / "a,b", scratch / "link");
  const auto open_both = [&](const std::string& one, const std::string& other) {
    const std::string claim = "?bits=8&entropy=4";
    (void)registry.open("pool:file:" + folder + one + claim + ",file:" + folder + other + claim);
  };
  CHECK(category_of([&] { open_both("/a%2Cb", "/link"); }) == Category::usage);
  CHECK_NOTHROW(open_both("/c", "/link"));
}

TEST_CASE("What cannot form a pool is refused") {
  CHECK(category_of([] { (void)pool_of({}); }) == Category::usage);
  CHECK(category_of([] { (void)pool_of({{.number = 0}, {.number = 1, .format = {12, 16}}}); }) == Category::usage);
  CHECK(category_of([] { (void)pool_of({{.number = 0, .claim = 0}}); }) == Category::usage);
  const auto dead = pool_of({{.number = 0, .starts = false}});
  CHECK(category_of([&] { dead->start(patient()); }) == Category::device);
  SourceRegistry registry;
  add_devices(registry);
  for (SourceDriver& driver : pool_drivers(registry))
    registry.add(std::move(driver));
  CHECK(category_of([&] { (void)registry.open("pool:usb:quantis/NONE,usb:rava/NONE"); }) == Category::device);
  CHECK(category_of([&] { (void)registry.open("pool:nonsense"); }) == Category::usage);
  CHECK(category_of([&] { (void)registry.open("usb:*?bits=8"); }) == Category::usage);
}
