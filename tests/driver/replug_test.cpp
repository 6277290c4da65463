// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>
#include <random>
#include <thread>

#include "driver/devices/quantis/quantis.h"
#include "tests/driver/usb_bench_a.h"
#include "tests/emulated/quantis/emulated_quantis.h"

using namespace lightseed;
using namespace lightseed::tests;
using namespace lightseed::emulated;

namespace {

/// Pulls and plugs the cable at random instants while a reader reads, `cycles` times. Each life of the device sends a
/// sequence of its own run: a block with bytes of two lives, or with a gap, does not check.
void unplug_and_replug(unsigned cycles, unsigned seed) {
  Port port;
  std::uint32_t run = 1;
  const auto plug = [&] {
    port.plug(std::make_shared<EmulatedQuantis>(EmulatedQuantis::Options{.bytes_per_second = 4e6, .run = run++}));
  };
  plug();
  const auto source = open_usb_source(quantis_kind(), SourceUri::parse("usb:quantis"), port.opener(), patient());
  source->start(patient());
  const auto fds = own_count("fd");
  const auto threads = own_count("task");

  std::mt19937 random(seed);
  std::vector<std::byte> block(8192);
  SequenceChecker checker;
  unsigned restarts = 0;
  std::size_t blocks = 0;
  for (unsigned cycle = 0; cycle < cycles; ++cycle) {
    const auto hold = std::chrono::microseconds(random() % 8000), away = std::chrono::microseconds(random() % 3000);
    std::jthread hand([&, hold, away] {
      std::this_thread::sleep_for(hold);
      port.unplug();
      std::this_thread::sleep_for(away);
      plug();
    });
    unsigned reads = 0;
    while (true) {
      const Read read = source->read(block, Patience{}.within(3s));
      if (read.state == ReadState::restarted) {
        ++restarts;
        checker.restart();
        break;
      }
      INFO("cycle " << cycle << ": " << read.detail);
      REQUIRE(read.state == ReadState::ok);
      REQUIRE(checker.feed(block));
      ++blocks;
      REQUIRE(++reads < 1'000'000);
    }
    hand.join();
    port.clear_unplugged();
  }
  CHECK(restarts == cycles);
  CHECK(blocks > 0);
  CHECK(source->read(block, patient()).state == ReadState::ok);
  CHECK(own_count("fd") == fds);
  CHECK(own_count("task") == threads);
}

}  // namespace

TEST_CASE("Pulled and plugged at random instants, a stream always comes back and no block straddles the fault") {
  unplug_and_replug(60, 11);
}

TEST_CASE("A thousand times", "[.long]") {
  unplug_and_replug(1000, 12);
}
