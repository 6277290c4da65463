// SPDX-License-Identifier: Apache-2.0
#include "driver/devices/quantis/quantis.h"

#include <catch2/catch.hpp>

#include "core/error.h"
#include "tests/driver/proof_seam.h"
#include "tests/driver/usb_bench_a.h"
#include "tests/emulated/quantis/emulated_quantis.h"

using namespace lightseed;
using namespace lightseed::tests;
using namespace lightseed::emulated;
using Fault = FaultyUsb::Fault;

namespace {

/// Beyond what the ring reads ahead before the first read(): the fault comes in mid-stream, not in start().
constexpr std::uint64_t late = 400'000;

struct QuantisBench {
  std::shared_ptr<EmulatedQuantis> quantis;
  std::shared_ptr<FaultyUsb> cable;
  Port port;

  explicit QuantisBench(EmulatedQuantis::Options options = {}) { plug(std::move(options)); }

  void plug(EmulatedQuantis::Options options) {
    quantis = std::make_shared<EmulatedQuantis>(std::move(options));
    cable = std::make_shared<FaultyUsb>(quantis);
    port.plug(cable);
  }

  [[nodiscard]] std::unique_ptr<Source> open(const std::string& uri = "usb:quantis") {
    return open_usb_source(quantis_kind(), SourceUri::parse(uri), port.opener(), patient());
  }
};

}  // namespace

TEST_CASE("A Quantis is opened, described and read") {
  QuantisBench bench;
  const auto source = bench.open();
  const SourceInfo& info = source->info();
  CHECK(info.uri == "usb:quantis/EMU0001");
  CHECK(info.serial == "EMU0001");
  CHECK(info.firmware == "board 0x0000000b");
  CHECK(info.nominal_rate == 500'000);
  CHECK(info.provenance == Provenance::simulated);  // it says EMULATED
  CHECK(info.claim.bits_per_sample == 4.0);
  CHECK(info.claim.method.find("not been assessed") != std::string::npos);
  CHECK(info.parameters.at("usb").at("vendor_id") == "0aba");
  source->start(patient());
  const auto states = read_blocks(*source, 50);
  CHECK(restarts_in(states) == 0);
  CHECK_FALSE(bench.quantis->start_up_flag());
  const Json status = source->status();
  CHECK(status.at("device").at("module_status") == 1);
  CHECK(status.at("device").at("start_up_test_was_requested") == true);
  source->stop();
  source->stop();
}

TEST_CASE("A Quantis is read from the endpoint that its maker's programs take, wherever that stands") {
  // The emulated device stalls every other one.
  QuantisBench bench({.endpoints = {0x82, 0x86}});
  const auto source = bench.open();
  source->start(patient());
  CHECK(restarts_in(read_blocks(*source, 5)) == 0);
}

TEST_CASE("Only what is proved and does not call itself emulated counts as hardware") {
  QuantisBench bench({.product = "Quantis USB"});
  CHECK(bench.open()->info().provenance == Provenance::simulated);
  const ProofBy proof(believe_all);
  CHECK(bench.open()->info().provenance == Provenance::hardware);
  QuantisBench lower({.product = "quantis (simulated)"});
  CHECK(lower.open()->info().provenance == Provenance::simulated);
}

TEST_CASE("The operator may state the entropy, and misspelt parameters are refused") {
  QuantisBench bench;
  const auto source = bench.open("usb:quantis?entropy=7.5&in_flight=2&transfer_bytes=1000");
  CHECK(source->info().claim.bits_per_sample == 7.5);
  CHECK(source->info().uri == "usb:quantis/EMU0001?entropy=7.5&in_flight=2&transfer_bytes=1000");
  source->start(patient());
  CHECK(restarts_in(read_blocks(*source, 10)) == 0);
  CHECK(bench.port.fake()->most_in_flight() <= 3);  // two transfers and one control request
  QuantisBench other;
  CHECK(category_of([&] { (void)other.open("usb:quantis?entrpy=7"); }) == Category::usage);
}

TEST_CASE("Missing strings do not keep a Quantis from working") {
  const bool all = GENERATE(false, true);
  QuantisBench bench({.serial = std::nullopt, .nameless = all});
  const auto source = bench.open();
  CHECK(source->info().parameters.at("usb").at("product") == (all ? "" : "Quantis USB EMULATED"));
  CHECK(source->info().serial.empty());
  CHECK(source->info().uri == "usb:quantis");
  source->start(patient());
  CHECK(restarts_in(read_blocks(*source, 3)) == 0);
}

TEST_CASE("What is not a Quantis is refused, and nothing is sent to it") {
  EmulatedQuantis::Options options =
      GENERATE(EmulatedQuantis::Options{.vendor = 0x0403}, EmulatedQuantis::Options{.configurations = 2},
               EmulatedQuantis::Options{.interfaces = 2});
  QuantisBench bench(options);
  CHECK(category_of([&] { (void)bench.open(); }) == Category::device);
  CHECK(bench.quantis->requests() == 0);
}

TEST_CASE("Absurd descriptions are errors: no endpoint, no rate, a negative rate") {
  EmulatedQuantis::Options options =
      GENERATE(EmulatedQuantis::Options{.endpoints = {}}, EmulatedQuantis::Options{.kbits = 0},
               EmulatedQuantis::Options{.kbits = -4000});
  QuantisBench bench(options);
  CHECK(category_of([&] { (void)bench.open(); }) == Category::device);
}

TEST_CASE("A claim somebody else holds is reported as busy") {
  QuantisBench bench;
  bench.port.fake()->set_manners({.claim_is_busy = true});
  CHECK(category_of([&] { (void)bench.open(); }) == Category::device);
}

TEST_CASE("A disabled module is enabled; the bytes of its first second do not count") {
  QuantisBench bench({.enabled = false});
  const auto source = bench.open();
  source->start(patient());
  std::vector<std::byte> block(8192);
  REQUIRE(source->read(block, patient()).state == ReadState::ok);
  SequenceChecker checker;
  REQUIRE(checker.feed(block));
  CHECK(checker.position() == 4096 + 8192);
}

TEST_CASE("A module that stays off, or has no power, does not start") {
  EmulatedQuantis::Options options = GENERATE(EmulatedQuantis::Options{.enabled = false, .repairable = false},
                                              EmulatedQuantis::Options{.powered = false});
  QuantisBench bench(options);
  const auto source = bench.open();
  CHECK(category_of([&] { source->start(patient()); }) == Category::device);
}

TEST_CASE("A module that stops in mid-stream is enabled again, and the stream begins anew") {
  QuantisBench bench;
  const auto source = bench.open("usb:quantis?give_up_ms=8000");
  bench.quantis->stop_module_after(200'000);
  source->start(patient());
  const auto states = read_blocks(*source, 60);
  CHECK(restarts_in(states) == 1);
  CHECK(states.size() == 60);
  CHECK(source->status().at("restarts") == 1);
}

TEST_CASE("A module that loses its power in mid-stream, and does not get it back, ends with a fault") {
  QuantisBench bench;
  const auto source = bench.open("usb:quantis?give_up_ms=200");
  source->start(patient());
  CHECK(restarts_in(read_blocks(*source, 5)) == 0);
  bench.port.fake()->with_model([&] { bench.quantis->cut_power(); });
  CHECK(read_blocks(*source, 1000).back() == ReadState::fault);
}

TEST_CASE("Lost power shows in the start-up flag and begins the stream anew") {
  QuantisBench bench({.bytes_per_second = 200'000});
  const auto source = bench.open();
  source->start(patient());
  CHECK(restarts_in(read_blocks(*source, 5)) == 0);
  bench.port.fake()->with_model([&] { bench.quantis->power_cycle(); });
  CHECK(restarts_in(read_blocks(*source, 40)) == 1);
  CHECK_FALSE(bench.quantis->start_up_flag());
}

TEST_CASE("The ladder brings a Quantis back from every fault of the bus") {
  const auto [kind, clears, resets] = GENERATE(table<Fault::Kind, bool, bool>({{Fault::Kind::bus_error, false, false},
                                                                               {Fault::Kind::stall, true, false},
                                                                               {Fault::Kind::babble, false, false}}));
  QuantisBench bench;
  bench.cable->add({kind, 100'000, 1});
  const auto source = bench.open();
  source->start(patient());
  const auto states = read_blocks(*source, 100);
  CHECK(states.size() == 100);
  CHECK(restarts_in(states) == 1);
  CHECK((bench.cable->halts_cleared() > 0) == clears);
  CHECK((bench.cable->resets() > 0) == resets);
}

TEST_CASE("Faults that come again at once climb to a reset") {
  QuantisBench bench;
  bench.cable->add({Fault::Kind::bus_error, 100'000, 3});
  const auto source = bench.open();
  source->start(patient());
  const auto states = read_blocks(*source, 100);
  CHECK(states.size() == 100);
  CHECK(restarts_in(states) == 1);
  CHECK(source->status().at("faults") == 1);
}

TEST_CASE("A device that stays silent ends with a fault that names it, within the time given") {
  QuantisBench bench;
  bench.cable->add({Fault::Kind::silence, 100'000});
  const auto source = bench.open("usb:quantis?give_up_ms=300");
  source->start(patient());
  const auto states = read_blocks(*source, 1000);
  CHECK(states.back() == ReadState::fault);
  std::vector<std::byte> block(16);
  CHECK(source->read(block, patient()).state == ReadState::fault);  // final
}

TEST_CASE("Unplugged for good: disconnected, final, and the next start says so") {
  QuantisBench bench;
  bench.cable->add({Fault::Kind::unplug, late});
  const auto source = bench.open("usb:quantis?give_up_ms=200");
  source->start(patient());
  const auto states = read_blocks(*source, 1000);
  CHECK(states.back() == ReadState::disconnected);
  CHECK(category_of([&] { source->start(Patience{}.within(200ms)); }) == Category::device);
}

TEST_CASE("Plugged in again: found, restarted, and no block holds bytes of both lives") {
  QuantisBench bench;
  bench.cable->add({Fault::Kind::unplug, late});
  const auto source = bench.open();
  source->start(patient());
  bench.plug({.run = 2});
  const auto states = read_blocks(*source, 60);
  CHECK(states.size() == 60);
  CHECK(restarts_in(states) == 1);
}

TEST_CASE("Another device of the same kind in its place is not taken for it") {
  QuantisBench bench;
  bench.cable->add({Fault::Kind::unplug, late});
  const auto source = bench.open("usb:quantis?give_up_ms=200");
  source->start(patient());
  bench.plug({.serial = "EMU0002", .run = 2});
  CHECK(read_blocks(*source, 60).back() == ReadState::disconnected);
}

TEST_CASE("Reads keep their deadlines while a device is being brought back") {
  QuantisBench bench;
  bench.cable->add({Fault::Kind::unplug, late});
  const auto source = bench.open("usb:quantis?give_up_ms=1000");
  source->start(patient());
  std::vector<std::byte> block(1 << 20);
  Read read = source->read(block, Patience{}.within(50ms));
  int timeouts = 0;
  while (read.state == ReadState::timeout && timeouts < 1000) {
    ++timeouts;
    read = source->read(std::span(block).first(1024), Patience{}.within(50ms));
  }
  CHECK(timeouts >= 3);
  CHECK(read.state == ReadState::disconnected);
}

TEST_CASE("Stopping during a recovery returns at once") {
  QuantisBench bench;
  bench.cable->add({Fault::Kind::unplug, late});
  const auto source = bench.open("usb:quantis?give_up_ms=3600000");
  source->start(patient());
  std::vector<std::byte> block(1 << 20);
  CHECK(source->read(block, Patience{}.within(100ms)).state == ReadState::timeout);
  source->stop();
}
