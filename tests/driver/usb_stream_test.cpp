// SPDX-License-Identifier: Apache-2.0
#include "driver/transport/usb_stream.h"

#include <catch2/catch.hpp>
#include <random>
#include <thread>

#include "core/error.h"
#include "tests/driver/usb_bench_a.h"
#include "tests/emulated/quantis/emulated_quantis.h"
#include "tests/hurry.h"

using namespace lightseed;
using namespace lightseed::tests;
using namespace lightseed::emulated;
using Kind = DeviceFault::Kind;
using Fault = FaultyUsb::Fault;

namespace {

struct Rig {
  std::shared_ptr<EmulatedQuantis> quantis;
  std::shared_ptr<FaultyUsb> cable;
  FakeUsbfs fake;
  std::shared_ptr<UsbDevice> device;

  explicit Rig(EmulatedQuantis::Options options = {}, FakeUsbfs::Manners manners = {})
      : quantis(std::make_shared<EmulatedQuantis>(std::move(options))),
        cable(std::make_shared<FaultyUsb>(quantis)),
        fake(cable) {
    fake.set_manners(manners);
    device = open_fake(fake);
    device->claim(0);
  }
};

UsbStream::Plan plan() {
  UsbStream::Plan plan;
  plan.endpoint = 0x86;
  plan.transfer_bytes = 4096;
  plan.in_flight = 4;
  plan.slots = 8;
  plan.silence = 200ms;
  return plan;
}

/// The fault that ends a stream, or nothing within `bytes`.
std::optional<DeviceFault> fault_of(UsbStream& stream, std::size_t bytes) {
  std::vector<std::byte> block(bytes);
  try {
    stream.read(block, patient());
  } catch (const DeviceFault& fault) {
    return fault;
  }
  return std::nullopt;
}

bool is(const std::optional<DeviceFault>& fault, Kind kind) {
  return fault && fault->kind() == kind;
}

}  // namespace

TEST_CASE("A stream delivers every byte once, in order, whatever the sizes of the reads") {
  Rig rig;
  UsbStream stream(rig.device, plan());
  stream.start();
  SequenceChecker checker;
  std::mt19937 random(7);
  std::vector<std::byte> block(20'000);
  REQUIRE(stream.read(std::span(block).first(64), patient()) == 64);
  REQUIRE(checker.feed(std::span(block).first(64)));
  for (int i = 0; i < 300; ++i) {
    const std::size_t size = 1 + random() % block.size();
    REQUIRE(stream.read(std::span(block).first(size), patient()) == size);
    REQUIRE(checker.feed(std::span(block).first(size)));
  }
  CHECK(checker.position() > 2'000'000);
  CHECK(rig.fake.most_in_flight() == 4);
}

TEST_CASE("A full ring stops asking the device and loses nothing") {
  Rig rig;
  UsbStream stream(rig.device, plan());
  stream.start();
  while (stream.counters()["in_flight"] != 0)
    std::this_thread::sleep_for(1ms);
  CHECK(stream.counters()["bytes"] == 8 * 4096);
  CHECK(rig.fake.in_flight() == 0);
  std::vector<std::byte> block(64 * 4096);
  SequenceChecker checker;
  REQUIRE(stream.read(block, patient()) == block.size());
  CHECK(checker.feed(block));
  CHECK(checker.position() == block.size());
}

TEST_CASE("Short and empty packets are counted and lose nothing") {
  Rig rig;
  rig.cable->add({Fault::Kind::short_packet, 8192, 3, 100});
  rig.cable->add({Fault::Kind::empty_packet, 16384, 5});
  rig.cable->add({Fault::Kind::short_packet, 20000, 1, 1});
  UsbStream stream(rig.device, plan());
  stream.start();
  std::vector<std::byte> block(100'000);
  SequenceChecker checker;
  REQUIRE(stream.read(block, patient()) == block.size());
  CHECK(checker.feed(block));
  CHECK(stream.counters()["short_transfers"] == 8);
  CHECK(stream.counters()["empty_transfers"] == 5);
}

TEST_CASE("Each fault of the bus is named, and the stream goes on after a restart") {
  const auto [fault, kind] = GENERATE(table<Fault::Kind, Kind>({{Fault::Kind::stall, Kind::stall},
                                                                {Fault::Kind::bus_error, Kind::transient},
                                                                {Fault::Kind::babble, Kind::protocol}}));
  Rig rig;
  rig.cable->add({fault, 50'000, 1});
  UsbStream stream(rig.device, plan());
  stream.start();
  REQUIRE(is(fault_of(stream, 100'000), kind));
  CHECK(is(fault_of(stream, 1), kind));  // latched
  if (kind == Kind::stall) rig.device->clear_halt(0x86);
  stream.start();
  std::vector<std::byte> block(100'000);
  REQUIRE(stream.read(block, patient()) == block.size());
  SequenceChecker checker;
  CHECK(checker.feed(block));
}

TEST_CASE("A halted endpoint stays halted until it is cleared") {
  Rig rig;
  rig.cable->add({Fault::Kind::stall, 0, 1});
  UsbStream stream(rig.device, plan());
  stream.start();
  REQUIRE(is(fault_of(stream, 1), Kind::stall));
  stream.start();
  REQUIRE(is(fault_of(stream, 1), Kind::stall));
  stream.stop();
  rig.device->clear_halt(0x86);
  stream.start();
  CHECK_FALSE(fault_of(stream, 4096));
}

TEST_CASE("Silence is a fault after the plan's time, however short the reads' deadlines are") {
  Rig rig;
  rig.cable->add({Fault::Kind::silence, 4096});
  UsbStream stream(rig.device, plan());
  stream.start();
  std::vector<std::byte> block(4096);
  REQUIRE(stream.read(block, patient()) == block.size());
  unsigned timeouts = 0;
  try {
    while (timeouts < 1000) {
      const std::size_t got = stream.read(block, Patience{}.within(10ms));
      REQUIRE(got == 0);
      ++timeouts;
    }
    FAIL("no fault");
  } catch (const DeviceFault& fault) {
    CHECK(fault.kind() == Kind::silence);
  }
  CHECK(timeouts >= 1);
  CHECK(timeouts <= 25);
}

TEST_CASE("An hour of silence is an hour by the clock that tests move") {
  Rig rig;
  rig.cable->add({Fault::Kind::silence, 0});
  UsbStream::Plan slow = plan();
  slow.silence = 1h;
  UsbStream stream(rig.device, slow);
  stream.start();
  const auto hand = test::hurry();
  std::vector<std::byte> block(1);
  try {
    (void)stream.read(block, {});
    FAIL("no fault");
  } catch (const DeviceFault& fault) {
    CHECK(fault.kind() == Kind::silence);
  }
}

TEST_CASE("A device that only ever sends empty packets counts as silent") {
  Rig rig;
  rig.cable->add({Fault::Kind::empty_packet, 0, ~0U});
  UsbStream stream(rig.device, plan());
  stream.start();
  CHECK(is(fault_of(stream, 1), Kind::silence));
}

TEST_CASE("A read ends with its deadline and with a stop request, and keeps what it has") {
  Rig rig({.bytes_per_second = 4096.0 / 3600});  // a transfer an hour
  UsbStream::Plan slow = plan();
  slow.silence = 24h;
  UsbStream stream(rig.device, slow);
  stream.start();
  std::size_t hours = 0;
  for (; stream.counters()["bytes"] == 0; ++hours) {
    SteadyClock::move_on(1h);
    std::this_thread::sleep_for(30ms);
  }
  std::vector<std::byte> block(1 << 20);
  const std::size_t got = stream.read(block, Patience{}.within(30ms));
  CHECK(got >= 4096);
  CHECK(got % 4096 == 0);
  CHECK(got <= hours * 4096);
  SequenceChecker checker;
  CHECK(checker.feed(std::span(block).first(got)));

  std::stop_source stop;
  std::jthread asker([&] {
    std::this_thread::sleep_for(30ms);
    stop.request_stop();
  });
  Patience patience = patient();
  patience.stop = stop.get_token();
  CHECK(stream.read(block, patience) < block.size());
}

TEST_CASE("Unplugging in mid-stream ends the read, and closing afterwards is safe") {
  Rig rig;
  rig.cable->add({Fault::Kind::unplug, 100'000});
  UsbStream stream(rig.device, plan());
  stream.start();
  CHECK(is(fault_of(stream, 1 << 20), Kind::gone));
  CHECK_THROWS_AS(stream.start(), DeviceFault);
}

TEST_CASE("A cancelled transfer that completes, or comes back late, is waited for and its data dropped") {
  const FakeUsbfs::Manners manners =
      GENERATE(FakeUsbfs::Manners{.cancel_completes = true}, FakeUsbfs::Manners{.late_cancel = 30ms},
               FakeUsbfs::Manners{.cancel_completes = true, .late_cancel = 30ms});
  Rig rig({.bytes_per_second = 400'000}, manners);
  UsbStream stream(rig.device, plan());
  for (int round = 0; round < 5; ++round) {
    stream.start();
    std::vector<std::byte> block(6000);
    REQUIRE(stream.read(block, patient()) == block.size());
    SequenceChecker checker;
    CHECK(checker.feed(block));
    stream.stop();
    CHECK(stream.counters()["in_flight"] == 0);
    CHECK(rig.fake.in_flight() == 0);
  }
}

TEST_CASE("Short of usbfs memory, a stream goes on with fewer transfers") {
  Rig rig({}, {.memory_limit = 2 * 4096 + 600});
  UsbStream stream(rig.device, plan());
  stream.start();
  std::vector<std::byte> block(200'000);
  REQUIRE(stream.read(block, patient()) == block.size());
  SequenceChecker checker;
  CHECK(checker.feed(block));
  CHECK(rig.fake.most_in_flight() <= 2);
}

TEST_CASE("No memory for a single transfer is an error, not a hang") {
  Rig rig({}, {.memory_limit = 1024});
  UsbStream stream(rig.device, plan());
  CHECK_THROWS_AS(stream.start(), DeviceFault);
}

TEST_CASE("What was read leaves no trace in the ring") {
  Rig rig;
  std::vector<std::byte> seen;
  auto shape = plan();
  std::vector<std::span<std::byte>> buffers;
  shape.unframe = [&](std::span<std::byte> bytes) {
    buffers.push_back(bytes);
    return bytes.size();
  };
  UsbStream stream(rig.device, shape);
  stream.start();
  std::vector<std::byte> block(8 * 4096);
  REQUIRE(stream.read(block, patient()) == block.size());
  stream.stop();
  REQUIRE(buffers.size() == 8);
  for (const auto buffer : buffers)
    CHECK(std::all_of(buffer.begin(), buffer.end(), [](std::byte b) { return b == std::byte{}; }));
}

TEST_CASE("Starting and stopping leaves no thread and no descriptor behind") {
  { const Rig warm_up; }
  const auto fds = own_count("fd");
  const auto threads = own_count("task");
  for (int i = 0; i < 20; ++i) {
    Rig rig;
    UsbStream stream(rig.device, plan());
    stream.start();
    CHECK_FALSE(fault_of(stream, 10'000));
  }
  CHECK(own_count("fd") == fds);
  CHECK(own_count("task") == threads);
}
