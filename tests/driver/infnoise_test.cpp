// SPDX-License-Identifier: Apache-2.0
#include "driver/devices/infnoise/infnoise.h"

#include <catch2/catch.hpp>
#include <cmath>
#include <deque>
#include <map>

#include "driver/devices/infnoise/loop_gain.h"
#include "driver/devices/infnoise/noise_monitor.h"
#include "stats/health/monitored.h"
#include "tests/driver/usb_bench_a.h"
#include "tests/emulated/infnoise/emulated_infnoise.h"

using namespace lightseed;
using namespace lightseed::tests;
using namespace lightseed::emulated;
using infnoise::LoopGain;
using Fault = FaultyUsb::Fault;

namespace {

struct InfnoiseBench {
  std::shared_ptr<EmulatedInfNoise> noise = std::make_shared<EmulatedInfNoise>(7);
  std::shared_ptr<EmulatedFtdi> chip;
  std::shared_ptr<FaultyUsb> cable;
  Port port;

  explicit InfnoiseBench(EmulatedFtdi::Identity identity = EmulatedInfNoise::identity())
      : chip(std::make_shared<EmulatedFtdi>(noise, std::move(identity))), cable(std::make_shared<FaultyUsb>(chip)) {
    port.plug(cable);
  }

  [[nodiscard]] std::unique_ptr<Source> open(const std::string& parameters = "") {
    return open_usb_source(infnoise_kind(), SourceUri::parse("usb:infnoise" + parameters), port.opener(), patient());
  }
  [[nodiscard]] std::unique_ptr<Source> started(const std::string& parameters = "") {
    auto source = open(parameters);
    source->start(patient());
    return source;
  }
  template <typename Action>
  void with(Action action) {
    port.fake()->with_model([&] { action(*noise); });
  }
};

/// Reads until `state`, or 4000 blocks of 1 KiB; every block is whole rounds of the device. Returns the last state.
ReadState read_until(InfnoiseBench& bench, Source& source, ReadState state, int blocks = 4000) {
  RoundFinder finder;
  std::vector<std::byte> block(1024);
  Read read;
  for (int i = 0; i < blocks && read.state != state; ++i) {
    read = source.read(block, patient());
    if (read.state == ReadState::ok) {
      bench.with([&](auto& noise) { REQUIRE(finder.find(noise, block)); });
    } else {
      REQUIRE(read.bytes == 0);
      if (read.state != ReadState::restarted) break;
    }
  }
  return read.state;
}

}  // namespace

TEST_CASE("An Infinite Noise's bits are taken from the comparators in turn, the first one highest") {
  // Comparator 1 is D1, comparator 2 is D4; what the other shows, and the other pins, do not count.
  const Bytes samples{std::byte{0x02}, std::byte{0x02}, std::byte{0x10}, std::byte{0x12},
                      std::byte{0xEF}, std::byte{0x01}, std::byte{0x00}, std::byte{0x10}};
  std::array<std::byte, 1> raw{};
  infnoise::raw_bits(samples, raw);
  CHECK(raw[0] == std::byte{0b10011001});
}

TEST_CASE("An Infinite Noise brings its test to the gate") {
  InfnoiseBench bench;
  const auto source = bench.open();
  auto* const monitored = dynamic_cast<health::Monitored*>(source.get());
  REQUIRE(monitored != nullptr);
  const auto tests = monitored->make_health_tests();
  REQUIRE(tests.size() == 1);
  CHECK(tests[0]->record().id == LoopGain::id);
  CHECK(tests[0]->start_up_samples() == 80'000);
}

TEST_CASE("A loop that is not settled yet is measured again, and starts") {
  InfnoiseBench bench;
  bench.noise->gain = 1.7;
  bench.noise->settles_after = 150'000;
  const auto source = bench.open();
  source->start(patient());
  CHECK(source->status().at("device").at("warm_ups") >= 2);
}

TEST_CASE("An Infinite Noise is opened, described and read round by round") {
  InfnoiseBench bench;
  const auto source = bench.open();
  const SourceInfo& info = source->info();
  CHECK(info.uri == "usb:infnoise/1337-E0000001");
  CHECK(info.provenance == Provenance::simulated);
  CHECK(info.format == SampleFormat{1, 1});
  CHECK(info.claim.bits_per_sample == 0.25);
  CHECK(info.claim.method.find("not been assessed") != std::string::npos);
  CHECK(bench.chip->requests() == 0);
  for (int start = 0; start < 2; ++start) {
    source->start(patient());
    CHECK(bench.chip->mode() == 0x04);
    CHECK(bench.chip->mask() == 0xED);  // D1 and D4 are inputs
    CHECK(bench.chip->divisor() == 0x0064);
    CHECK(bench.chip->latency() == 1ms);
    CHECK(read_until(bench, *source, ReadState::fault, 6) == ReadState::ok);
    const Json monitor = source->status().at("device").at("monitor");
    CHECK(monitor.at("gain").get<double>() == Approx(1.84).epsilon(0.03));
    source->stop();
    CHECK(bench.chip->mode() == 0);  // the kernel's driver finds a UART again
  }
}

TEST_CASE("Reads of odd sizes and short deadlines lose no bit of an Infinite Noise's rounds") {
  InfnoiseBench bench;
  const auto source = bench.started();
  std::vector<std::byte> all(4096);
  std::size_t got = 0;
  while (got < all.size()) {
    const auto room = std::span(all).subspan(got, std::min<std::size_t>(all.size() - got, 1 + got % 777));
    const Read read = source->read(room, Patience{}.within(1ms));
    REQUIRE((read.state == ReadState::ok || read.state == ReadState::timeout));
    got += read.bytes;
  }
  bench.with([&](auto& noise) { CHECK(RoundFinder{}.find(noise, all)); });
}

TEST_CASE("A reprogrammed Infinite Noise has numbers of its own, and perhaps no serial") {
  auto identity = EmulatedInfNoise::identity();
  identity.vendor = 0x1209;
  identity.product = 0x3701;
  identity.serial.clear();
  InfnoiseBench bench(identity);
  CHECK(bench.open()->info().uri == "usb:infnoise");
}

TEST_CASE("A stock FT240X that does not say Infinite Noise is never spoken to") {
  auto identity = EmulatedInfNoise::identity();
  identity.product_text = "FT240X USB FIFO";
  InfnoiseBench bench(identity);
  CHECK(category_of([&] { (void)bench.open(); }) == Category::device);
  CHECK(bench.chip->requests() == 0);
}

TEST_CASE("A round that took longer than 5 ms is thrown away, and the stream goes on") {
  InfnoiseBench bench;
  const auto source = bench.started();
  for (int i = 0; i < 3; ++i) {
    bench.with([](auto& noise) { noise.late = 20ms; });
    CHECK(read_until(bench, *source, ReadState::fault, 2) == ReadState::ok);
  }
  CHECK(source->status().at("device").at("late_rounds").get<int>() >= 3);
  bench.with([](const auto& noise) { CHECK(std::count(noise.spoilt().begin(), noise.spoilt().end(), true) == 3); });
}

TEST_CASE("A loop that fails in mid-stream is a health alarm, and the next start finds it as well") {
  const int fault = GENERATE(0, 1);
  InfnoiseBench bench;
  const auto source = bench.started();
  CHECK(read_until(bench, *source, ReadState::fault, 4) == ReadState::ok);
  bench.with([&](auto& noise) {
    if (fault == 0) noise.gain = 1.93;
    if (fault == 1) noise.stuck = true;
  });
  INFO(fault);
  CHECK(read_until(bench, *source, ReadState::alarm) == ReadState::alarm);
  CHECK(category_of([&] { source->start(patient()); }) == Category::health);
}

TEST_CASE("A lost byte ends the round: no bit of it is used, and the loop is warmed up again") {
  InfnoiseBench bench;
  const auto source = bench.started();
  CHECK(read_until(bench, *source, ReadState::fault, 4) == ReadState::ok);
  bench.with([](auto& noise) { noise.lose_bytes = 1; });
  CHECK(read_until(bench, *source, ReadState::restarted) == ReadState::restarted);
  CHECK(read_until(bench, *source, ReadState::fault, 4) == ReadState::ok);
}

TEST_CASE("A phase slip inside a round costs that round alone") {
  InfnoiseBench bench;
  const auto source = bench.started();
  CHECK(read_until(bench, *source, ReadState::fault, 2) == ReadState::ok);
  // On a busy machine the round may come late as well, and is dropped for that: then the next one slips.
  const auto poor_rounds = [&] { return source->status().at("device").at("poor_rounds").get<int>(); };
  for (int attempt = 0; attempt < 20 && poor_rounds() == 0; ++attempt) {
    bench.with([](auto& noise) { noise.slips = true; });
    CHECK(read_until(bench, *source, ReadState::fault, 4) == ReadState::ok);
  }
  CHECK(poor_rounds() >= 1);
}

TEST_CASE("The first initialisations may fail; a chip that never hears them does not start") {
  const unsigned deaf = GENERATE(1U, 2U, 3U);
  InfnoiseBench once;
  once.chip->deaf_to_modes = deaf;
  CHECK(read_until(once, *once.started(), ReadState::fault, 2) == ReadState::ok);
  InfnoiseBench never;
  never.chip->deaf_to_modes = 1'000'000;
  const auto source = never.open("?give_up_ms=500");
  CHECK(category_of([&] { source->start(patient()); }) == Category::device);
}

TEST_CASE("An Infinite Noise unplugged in mid-round is disconnected; unplugged before, it does not start") {
  InfnoiseBench bench;
  const auto source = bench.started("?give_up_ms=200");
  CHECK(read_until(bench, *source, ReadState::fault, 2) == ReadState::ok);
  bench.with([](auto& noise) { noise.late = 100ms; });
  std::jthread hand([&] {
    std::this_thread::sleep_for(20ms);
    bench.port.fake()->unplug();
  });
  std::vector<std::byte> block(1024);
  CHECK(source->read(block, patient()).state == ReadState::disconnected);
  CHECK(category_of([&] { source->start(Patience{}.within(100ms)); }) == Category::device);
}

TEST_CASE("An Infinite Noise that answers nothing does not start, and in mid-stream ends with a fault") {
  InfnoiseBench bench;
  const auto source = bench.open("?give_up_ms=300");
  bench.with([](auto& noise) { noise.silent = true; });
  CHECK(category_of([&] { source->start(patient()); }) == Category::device);
  bench.with([](auto& noise) { noise.silent = false; });
  source->start(patient());
  bench.with([](auto& noise) { noise.silent = true; });
  CHECK(read_until(bench, *source, ReadState::fault) == ReadState::fault);
}
