// SPDX-License-Identifier: Apache-2.0
#include "driver/devices/bitbabbler/bitbabbler.h"

#include <catch2/catch.hpp>

#include "driver/transport/mpsse.h"
#include "tests/driver/usb_bench_a.h"
#include "tests/emulated/bitbabbler/emulated_bitbabbler.h"

using namespace lightseed;
using namespace lightseed::tests;
using namespace lightseed::emulated;
using Fault = FaultyUsb::Fault;

namespace {

struct BitbabblerBench {
  std::shared_ptr<EmulatedBitBabbler> babbler = std::make_shared<EmulatedBitBabbler>(1);
  std::shared_ptr<EmulatedFtdi> chip;
  std::shared_ptr<FaultyUsb> cable;
  Port port;

  explicit BitbabblerBench(EmulatedFtdi::Identity identity = EmulatedBitBabbler::identity())
      : chip(std::make_shared<EmulatedFtdi>(babbler, std::move(identity))), cable(std::make_shared<FaultyUsb>(chip)) {
    port.plug(cable);
  }

  /// At the fastest clock, so that tests take no longer than they must.
  [[nodiscard]] std::unique_ptr<Source> open(const std::string& parameters = "?bitrate=30000000") {
    return open_usb_source(bitbabbler_kind(), SourceUri::parse("usb:bitbabbler" + parameters), port.opener(),
                           patient());
  }
  [[nodiscard]] std::unique_ptr<Source> started(const std::string& parameters = "?bitrate=30000000") {
    auto source = open(parameters);
    source->start(patient());
    return source;
  }
  template <typename Action>
  void with(Action action) {
    port.fake()->with_model([&] { action(*babbler, *chip); });
  }
};

}  // namespace

TEST_CASE("The serial engine's divisor is 30 MHz over the rate, less one") {
  CHECK(Mpsse::divisor_for(2.5e6) == 11);
  CHECK(Mpsse::divisor_for(30e6) == 0);
  CHECK(Mpsse::divisor_for(458) == 65501);
  CHECK(Mpsse::divisor_for(1) == 65535);
}

TEST_CASE("A BitBabbler is set up as its maker does, described and read without loss") {
  BitbabblerBench bench;
  const auto source = bench.open("");
  const SourceInfo& info = source->info();
  CHECK(info.uri == "usb:bitbabbler/EMU2B1");
  CHECK(info.provenance == Provenance::simulated);
  CHECK(info.nominal_rate == 312'500);
  CHECK(info.claim.bits_per_sample == 1.0);
  CHECK(info.claim.method.find("not been assessed") != std::string::npos);
  CHECK(bench.chip->requests() == 0);
  source->start(patient());
  CHECK(bench.chip->mode() == 0x02);
  CHECK(bench.chip->latency() == 3ms);
  bench.with([](const auto& babbler, auto&) {
    CHECK(babbler.divisor() == 11);
    CHECK(babbler.low_pins() == 0x000B);
  });
  CHECK(restarts_in(read_blocks(*source, 4, 20'000)) == 0);
  bench.with([](const auto& babbler, auto&) { CHECK(babbler.longest_request() == 65536); });
  source->stop();
  CHECK(bench.chip->mode() == 0);
  source->start(patient());
  CHECK(restarts_in(read_blocks(*source, 2)) == 0);
}

TEST_CASE("A BitBabbler's clock is chosen in the source's name, and its chunks keep to a quarter of a second") {
  BitbabblerBench bench;
  const auto source = bench.started("?bitrate=300000");
  CHECK(source->info().parameters.at("bitrate") == 300'000);
  CHECK(restarts_in(read_blocks(*source, 2, 5'000)) == 0);
  bench.with([](const auto& babbler, auto&) { CHECK(babbler.longest_request() == 8192); });
  BitbabblerBench other;
  CHECK(category_of([&] { (void)other.open("?bitrate=100"); }) == Category::usage);
  CHECK(category_of([&] { (void)other.open("?bitrate=31e6"); }) == Category::usage);
}

TEST_CASE("A full-speed host's packets have another status, and it is known") {
  BitbabblerBench bench(EmulatedBitBabbler::identity(64));
  CHECK(restarts_in(read_blocks(*bench.started(), 20)) == 0);
}

TEST_CASE("FTDI's number without BitBabbler's text is never spoken to") {
  auto identity = EmulatedBitBabbler::identity();
  identity.product_text = "Single RS232-HS";
  BitbabblerBench bench(identity);
  CHECK(category_of([&] { (void)bench.open(); }) == Category::device);
  CHECK(bench.chip->requests() == 0);
}

TEST_CASE("One byte too many, one too few, a wrong status: the stream begins anew, and no such chunk is handed on") {
  BitbabblerBench bench;
  const auto source = bench.started("?bitrate=30000000&give_up_ms=9000");
  CHECK(restarts_in(read_blocks(*source, 10)) == 0);
  for (int fault = 0; fault < 5; ++fault) {
    INFO(fault);
    bench.with([&](auto& babbler, auto& chip) {
      if (fault == 0) babbler.excess = 1;
      if (fault == 1) babbler.excess = 600;  // in a packet of their own
      if (fault == 2) chip.wrong_status = true;
      if (fault == 3) babbler.busy_after = 1;
      if (fault == 4) babbler.missing = 1;
    });
    const auto states = read_blocks(*source, 50);  // enough to be forgiven
    CHECK(restarts_in(states) == 1);
    CHECK(states.size() == 50);
  }
}

TEST_CASE("A BitBabbler whose packets all have a wrong status ends with a fault") {
  BitbabblerBench bench;
  const auto source = bench.started("?bitrate=30000000&give_up_ms=500");
  CHECK(read_blocks(*source, 2).back() == ReadState::ok);
  bench.with([](auto& babbler, auto&) { babbler.wrong_line = true; });
  CHECK(read_blocks(*source, 1000).back() == ReadState::fault);
}

TEST_CASE("The engine is asked again until it echoes; one that never does is no BitBabbler") {
  BitbabblerBench deaf;
  deaf.with([](auto& babbler, auto&) { babbler.deaf_echoes = 3; });
  CHECK(read_blocks(*deaf.started(), 2).back() == ReadState::ok);
  BitbabblerBench verbose;  // an echo is two bytes, or it is something else
  verbose.with([](auto& babbler, auto&) { babbler.long_echoes = ~0U; });
  const auto unsure = verbose.open();
  CHECK(category_of([&] { unsure->start(Patience{}.within(300ms)); }) == Category::device);
  BitbabblerBench dead;
  dead.with([](auto& babbler, auto&) { babbler.echoes = false; });
  const auto source = dead.open();
  CHECK(category_of([&] { source->start(Patience{}.within(300ms)); }) == Category::device);
}

TEST_CASE("A BitBabbler that cannot be drained does not start, within its deadline") {
  BitbabblerBench bench;
  bench.with([](auto& babbler, auto&) { babbler.chatter = true; });
  const auto source = bench.open();
  CHECK(category_of([&] { source->start(Patience{}.within(1s)); }) == Category::device);
}

TEST_CASE("Reads with short deadlines lose nothing of a BitBabbler's chunk") {
  BitbabblerBench bench;
  const auto source = bench.started("");
  SequenceChecker checker;
  std::vector<std::byte> block(4096);
  std::size_t got = 0;
  while (got < 70'000) {
    const Read read = source->read(block, Patience{}.within(5ms));
    REQUIRE((read.state == ReadState::ok || read.state == ReadState::timeout));
    if (read.bytes > 0) REQUIRE(checker.feed(std::span(block).first(read.bytes)));
    got += read.bytes;
  }
}
