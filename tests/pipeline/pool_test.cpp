// SPDX-License-Identifier: Apache-2.0
#include "pipeline/pool.h"

#include <array>
#include <atomic>
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <map>
#include <thread>

#include "core/error.h"
#include "driver/simulated/models.h"
#include "pipeline/gated_source.h"
#include "tests/category_of.h"
#include "tests/pipeline/fake_device.h"
#include "tests/scratch.h"

using namespace lightseed;
using namespace std::chrono_literals;
using test::FakeDevice;
using test::patient;
using test::pool_of;

namespace {

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
  // Nothing is plugged in: the same as for one device by name.
  SourceRegistry bare;
  for (SourceDriver& driver : pool_drivers(SourceRegistry{}))
    bare.add(std::move(driver));
  CHECK(category_of([&] { (void)bare.open("usb:*"); }) == Category::device);
}
