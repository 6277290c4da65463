// SPDX-License-Identifier: Apache-2.0
#include "driver/devices/comscire/comscire.h"

#include <catch2/catch.hpp>

#include "driver/transport/ftdi_chip.h"
#include "tests/driver/usb_bench_a.h"
#include "tests/emulated/comscire/emulated_comscire.h"
#include "tests/emulated/ftdi_front.h"

using namespace lightseed;
using namespace lightseed::tests;
using namespace lightseed::emulated;
using Fault = FaultyUsb::Fault;

namespace {

struct ComscireBench {
  std::shared_ptr<EmulatedComScire> device;
  std::shared_ptr<EmulatedFtdi> chip;
  std::shared_ptr<FaultyUsb> cable;
  Port port;

  explicit ComscireBench(const std::string& serial = "QWR70001")
      : device(std::make_shared<EmulatedComScire>(1, 4e6)),
        chip(std::make_shared<EmulatedFtdi>(device, EmulatedComScire::identity(serial))),
        cable(std::make_shared<FaultyUsb>(chip)) {
    port.plug(cable);
  }

  [[nodiscard]] std::unique_ptr<Source> open(const std::string& parameters = "") {
    return open_usb_source(comscire_kind(), SourceUri::parse("usb:comscire" + parameters), port.opener(), patient());
  }
};

}  // namespace

TEST_CASE("FTDI's status bytes come out of every packet, not of every transfer") {
  for (const std::size_t packet : {64U, 512U}) {
    for (const std::size_t size : {2U, 3U, 64U, 66U, 512U, 514U, 1200U}) {
      Bytes transfer(size), expected;
      for (std::size_t i = 0; i < size; ++i) {
        transfer[i] = static_cast<std::byte>(i * 7 + 1);
        if (i % packet >= 2) expected.push_back(transfer[i]);
      }
      if (size % packet == 1) continue;
      const std::size_t kept = strip_ftdi_status(transfer, packet);
      transfer.resize(kept);
      CHECK(transfer == expected);
    }
    Bytes cut(packet + 1);
    CHECK_THROWS_AS(strip_ftdi_status(cut, packet), DeviceFault);
  }
  CHECK(ftdi_divisor(30'000) == 0x0064);
  CHECK(ftdi_divisor(1'000'000) == 0x0003);
  CHECK(ftdi_divisor(115'200) == 0x001A);
  CHECK(ftdi_divisor(3'000'000) == 0x0000);
  // 24,000,000 / 2,181,818 are eleven eighths: one, and the code of three eighths, which is the third bit alone.
  CHECK(ftdi_divisor(2'181'818) == (0x0001U | 4U << 14U));
}

TEST_CASE("A PureQuantum of each generation is read without loss, behind stale bytes and garbage") {
  const auto [serial, generation] = GENERATE(table<std::string, unsigned>(
      {{"QWR10001", 1}, {"QWR2A001", 2}, {"QWR4A001", 3}, {"QWR50001", 3}, {"QWR70001", 4}, {"QWR80001", 5}}));
  CHECK(comscire_generation(serial) == generation);
  ComscireBench bench(serial);
  const auto source = bench.open();
  CHECK(source->info().serial == serial);
  CHECK(source->info().provenance == Provenance::simulated);
  for (int start = 0; start < 2; ++start) {
    source->start(patient());
    CHECK(restarts_in(read_blocks(*source, 20)) == 0);
    source->stop();
  }
  CHECK((bench.chip->mode() == 0x40) == (generation >= 4));
  if (generation >= 4) CHECK(bench.chip->read_before_mode());
}

TEST_CASE("A converter with FTDI's stock numbers and another serial is never spoken to") {
  ComscireBench bench("A50285BI");
  CHECK(category_of([&] { (void)bench.open(); }) == Category::device);
  CHECK(bench.chip->requests() == 0);
}

TEST_CASE("A pseudo-random control of the maker's is no noise source, and is never spoken to") {
  ComscireBench bench("QWR4P123");
  try {
    (void)bench.open();
    FAIL("opened");
  } catch (const Error& error) {
    CHECK(error.category() == Category::device);
    CHECK(std::string(error.what()).find("pseudo-random") != std::string::npos);
  }
  CHECK(bench.chip->requests() == 0);
}

TEST_CASE("A PureQuantum's variant sets its rate, and is recorded") {
  const auto [serial, rate] = GENERATE(table<std::string, double>({{"QWR4A003", 12'500},
                                                                   {"QWR4C001", 999 / 8.0},
                                                                   {"QWR4R001", 12'500},
                                                                   {"QWR4M004", 500'000},
                                                                   {"QWR40001", 500'000}}));
  ComscireBench bench(serial);
  const auto source = bench.open();
  CHECK(source->info().nominal_rate == rate);
  CHECK(source->info().parameters.contains("variant") == (serial[4] != '0'));
  const std::string by_device = source->info().parameters.value("conditioned_by_device", "");
  CHECK(by_device == (serial[4] == 'A' || serial[4] == 'C' ? "bias amplification" : ""));
  source->start(patient());
  CHECK(restarts_in(read_blocks(*source, 2)) == 0);
}

TEST_CASE("The first generation is sent no STOP, which it does not know, and no latency") {
  ComscireBench bench("QWR10001");
  const auto source = bench.open();
  bench.chip->set_latency(16ms);
  source->start(patient());
  CHECK(restarts_in(read_blocks(*source, 5)) == 0);
  source->stop();
  CHECK_FALSE(bench.device->was_stopped());
  CHECK(bench.chip->latency() == 16ms);
}

TEST_CASE("A PureQuantum whose statistics fail is a health alarm") {
  ComscireBench bench;
  const auto source = bench.open();
  source->start(patient());
  CHECK(read_blocks(*source, 3).back() == ReadState::ok);
  bench.port.fake()->with_model([&] { bench.device->bad_statistics = true; });
  CHECK(read_blocks(*source, 10'000).back() == ReadState::alarm);
}

TEST_CASE("The delimiter is learnt in spite of confusion, but not when it never agrees") {
  ComscireBench confused;
  confused.device->confused = 3;
  const auto source = confused.open();
  source->start(patient());
  CHECK(read_blocks(*source, 3).back() == ReadState::ok);
  ComscireBench changing;
  changing.device->delimiter_changes = true;
  const auto other = changing.open();
  CHECK(category_of([&] { other->start(Patience{}.within(500ms)); }) == Category::device);
}

TEST_CASE("Stale bytes longer than many packets are passed over") {
  ComscireBench bench;
  bench.device->stale = 100'000;
  const auto source = bench.open();
  for (int start = 0; start < 3; ++start) {
    source->start(patient());
    CHECK(restarts_in(read_blocks(*source, 5)) == 0);
  }
}

TEST_CASE("A PureQuantum that overruns loses samples between reads, never inside what a prompt reader gets") {
  ComscireBench bench;
  bench.device->fifo_bytes = 4'000'000;  // a second's: no busy test machine is that late
  const auto source = bench.open();
  source->start(patient());
  CHECK(restarts_in(read_blocks(*source, 20)) == 0);
  // The ring takes two hundred thousand bytes and asks for no more: what the device makes then has to go.
  bench.port.fake()->with_model([&] { bench.device->fifo_bytes = 10'000; });
  SteadyClock::move_on(300ms);
  std::vector<std::byte> block(1 << 20);
  std::vector<std::uint64_t> positions;
  for (std::size_t at = 0; at < block.size(); at += 64) {
    const auto part = std::span(block).subspan(at, 64);
    REQUIRE(source->read(part, patient()).state == ReadState::ok);
    SequenceChecker checker;
    if (checker.feed(part)) positions.push_back(checker.position());
  }
  // Samples are missing, none came twice or in another order.
  CHECK(std::is_sorted(positions.begin(), positions.end()));
  CHECK(std::adjacent_find(positions.begin(), positions.end()) == positions.end());
  CHECK(positions.back() > positions.front() + block.size());
}

TEST_CASE("A PureQuantum that stops while its statistics are good is started again") {
  ComscireBench bench;
  const auto source = bench.open();
  source->start(patient());
  CHECK(read_blocks(*source, 3).back() == ReadState::ok);
  bench.port.fake()->with_model([&] { bench.device->paused = true; });
  const auto states = read_blocks(*source, 300);
  CHECK(restarts_in(states) == 1);
  CHECK(states.size() == 300);
}

TEST_CASE("A PureQuantum's faults: a cut packet, a halt, silence, an unplugged cable") {
  SECTION("cut packet") {
    ComscireBench bench;
    const auto source = bench.open();
    source->start(patient());
    bench.port.fake()->with_model([&] { bench.chip->cut_status = true; });
    const auto states = read_blocks(*source, 300);
    CHECK(restarts_in(states) == 1);
    CHECK(states.size() == 300);
  }
  SECTION("halt") {
    ComscireBench bench;
    bench.cable->add({Fault::Kind::stall, 2'000'000, 1});
    const auto source = bench.open();
    source->start(patient());
    CHECK(restarts_in(read_blocks(*source, 400)) == 1);
  }
  SECTION("silence") {
    ComscireBench bench;
    const auto source = bench.open("?give_up_ms=300");
    source->start(patient());
    bench.port.fake()->with_model([&] { bench.device->silent = true; });
    CHECK(read_blocks(*source, 1000).back() == ReadState::fault);
  }
  SECTION("unplugged") {
    ComscireBench bench;
    bench.cable->add({Fault::Kind::unplug, 2'000'000});
    const auto source = bench.open("?give_up_ms=200");
    source->start(patient());
    CHECK(read_blocks(*source, 1000).back() == ReadState::disconnected);
  }
}
