// SPDX-License-Identifier: Apache-2.0
#include "driver/devices/chaoskey/chaoskey.h"

#include <catch2/catch.hpp>

#include "tests/driver/usb_bench_a.h"
#include "tests/emulated/chaoskey/emulated_chaoskey.h"

using namespace lightseed;
using namespace lightseed::tests;
using namespace lightseed::emulated;
using Fault = FaultyUsb::Fault;

namespace {

struct ChaoskeyBench {
  std::shared_ptr<EmulatedChaosKey> key = std::make_shared<EmulatedChaosKey>(1);
  std::shared_ptr<FaultyUsb> cable = std::make_shared<FaultyUsb>(key);
  Port port;

  ChaoskeyBench() { port.plug(cable); }
  [[nodiscard]] std::unique_ptr<Source> open(const std::string& parameters = "") {
    return open_usb_source(chaoskey_kind(), SourceUri::parse("usb:chaoskey" + parameters), port.opener(), patient());
  }
};

/// Follows raw samples, which count up modulo 4096.
class Counter {
 public:
  void restart() { known_ = false; }
  bool feed(std::span<const std::byte> block) {
    for (std::size_t i = 0; i < block.size(); i += 2) {
      const unsigned sample = std::to_integer<unsigned>(block[i]) | std::to_integer<unsigned>(block[i + 1]) << 8U;
      if (known_ && sample != next_) return false;
      known_ = true;
      next_ = (sample + 1) & 0xFFFU;
    }
    return true;
  }

 private:
  bool known_ = false;
  unsigned next_ = 0;
};

}  // namespace

TEST_CASE("A ChaosKey gives cooked bytes and raw samples") {
  ChaoskeyBench cooked;
  const auto bytes = cooked.open("?mode=cooked");
  CHECK(bytes->info().format == SampleFormat{8, 8});
  CHECK(bytes->info().serial == "CK-EMU-1");
  CHECK(bytes->info().provenance == Provenance::simulated);
  bytes->start(patient());
  CHECK(restarts_in(read_blocks(*bytes, 50)) == 0);

  ChaoskeyBench raw;
  const auto samples = raw.open();
  CHECK(samples->info().format == SampleFormat{12, 16});
  samples->start(patient());
  Counter counter;
  std::vector<std::byte> block(10'000);
  for (int i = 0; i < 20; ++i) {
    REQUIRE(samples->read(block, patient()).bytes == block.size());
    REQUIRE(counter.feed(block));
  }
  CHECK(category_of([&] { (void)raw.open("?mode=loud"); }) == Category::usage);
}

TEST_CASE("A byte lost between raw samples begins the stream anew") {
  ChaoskeyBench bench;
  bench.key->lose_byte_at = 700'001;
  const auto source = bench.open();
  source->start(patient());
  std::vector<std::byte> block(10'000);
  Counter counter;
  int restarts = 0;
  for (int i = 0; i < 200 && restarts == 0; ++i) {
    const Read read = source->read(block, patient());
    if (read.state == ReadState::restarted) ++restarts;
    if (read.state != ReadState::ok) counter.restart();
    if (read.state == ReadState::ok) REQUIRE(counter.feed(block));
  }
  CHECK(restarts == 1);
}

TEST_CASE("A ChaosKey that vanishes, as after its health test failed, is disconnected") {
  ChaoskeyBench bench;
  bench.key->vanish_at = 600'000;
  const auto source = bench.open("?mode=cooked&give_up_ms=200");
  source->start(patient());
  CHECK(read_blocks(*source, 1000).back() == ReadState::disconnected);
}

TEST_CASE("Three seconds of silence from a ChaosKey are a fault; one is not") {
  ChaoskeyBench slow;
  slow.key->settling = 1000ms;
  const auto patience_needed = slow.open("?mode=cooked");
  patience_needed->start(patient());
  CHECK(read_blocks(*patience_needed, 3).back() == ReadState::ok);
  ChaoskeyBench silent;
  silent.cable->add({Fault::Kind::silence, 0});
  const auto source = silent.open("?mode=cooked&give_up_ms=300");
  source->start(patient());
  CHECK(read_blocks(*source, 3).back() == ReadState::fault);
}

TEST_CASE("A short packet of a ChaosKey loses nothing") {
  ChaoskeyBench bench;
  bench.cable->add({Fault::Kind::short_packet, 100'000, 1, 10});
  const auto source = bench.open("?mode=cooked");
  source->start(patient());
  CHECK(restarts_in(read_blocks(*source, 50)) == 0);
}
