#include "driver/devices/chaoskey/chaoskey.h"

#include <catch2/catch.hpp>

#include "tests/driver/usb_bench_a.h"
#include "tests/emulated/chaoskey/emulated_chaoskey.h"

using namespace lightseed;
using namespace lightseed::tests;
using namespace lightseed::emulated;
using Fault = FaultyUsb::Fault;

namespace {

struct Bench {
  std::shared_ptr<EmulatedChaosKey> key = std::make_shared<EmulatedChaosKey>(1);
  std::shared_ptr<FaultyUsb> cable = std::make_shared<FaultyUsb>(key);
  Port port;

  Bench() { port.plug(cable); }
  [[nodiscard]] std::unique_ptr<Source> open(const std::string& parameters = "") {
    return open_usb_source(chaoskey_kind(), SourceUri::parse("usb:chaoskey" + parameters), port.opener(), patient());
  }
};

/// Raw samples count up modulo 4096; true while they do.
bool counts_up(std::span<const std::byte> block, std::optional<unsigned>& last) {
  for (std::size_t i = 0; i < block.size(); i += 2) {
    const unsigned sample = std::to_integer<unsigned>(block[i]) | std::to_integer<unsigned>(block[i + 1]) << 8U;
    if (last && sample != ((*last + 1) & 0xFFFU)) return false;
    last = sample;
  }
  return true;
}

}  // namespace

TEST_CASE("A ChaosKey gives cooked bytes and raw samples") {
  Bench cooked;
  const auto bytes = cooked.open("?mode=cooked");
  CHECK(bytes->info().format == SampleFormat{8, 8});
  CHECK(bytes->info().serial == "CK-EMU-1");
  CHECK(bytes->info().provenance == Provenance::simulated);
  bytes->start(patient());
  CHECK(restarts_in(read_blocks(*bytes, 50)) == 0);

  Bench raw;
  const auto samples = raw.open();
  CHECK(samples->info().format == SampleFormat{12, 16});
  samples->start(patient());
  std::optional<unsigned> last;
  std::vector<std::byte> block(10'000);
  for (int i = 0; i < 20; ++i) {
    REQUIRE(samples->read(block, patient()).bytes == block.size());
    REQUIRE(counts_up(block, last));
  }
  CHECK(category_of([&] { (void)raw.open("?mode=loud"); }) == Category::usage);
}

TEST_CASE("A byte lost between raw samples begins the stream anew") {
  Bench bench;
  bench.key->lose_byte_at = 700'001;
  const auto source = bench.open();
  source->start(patient());
  std::vector<std::byte> block(10'000);
  std::optional<unsigned> last;
  int restarts = 0;
  for (int i = 0; i < 200 && restarts == 0; ++i) {
    const Read read = source->read(block, patient());
    if (read.state == ReadState::restarted) ++restarts;
    if (read.state != ReadState::ok) last.reset();
    if (read.state == ReadState::ok) REQUIRE(counts_up(block, last));
  }
  CHECK(restarts == 1);
}

TEST_CASE("A ChaosKey that vanishes, as after its health test failed, is disconnected") {
  Bench bench;
  bench.key->vanish_at = 600'000;
  const auto source = bench.open("?mode=cooked&give_up_ms=200");
  source->start(patient());
  CHECK(read_blocks(*source, 1000).back() == ReadState::disconnected);
}

TEST_CASE("Three seconds of silence from a ChaosKey are a fault; one is not") {
  Bench slow;
  slow.key->settling = 1000ms;
  const auto patience_needed = slow.open("?mode=cooked");
  patience_needed->start(patient());
  CHECK(read_blocks(*patience_needed, 3).back() == ReadState::ok);
  Bench silent;
  silent.cable->add({Fault::Kind::silence, 0});
  const auto source = silent.open("?mode=cooked&give_up_ms=300");
  source->start(patient());
  CHECK(read_blocks(*source, 3).back() == ReadState::fault);
}

TEST_CASE("A short packet of a ChaosKey loses nothing") {
  Bench bench;
  bench.cable->add({Fault::Kind::short_packet, 100'000, 1, 10});
  const auto source = bench.open("?mode=cooked");
  source->start(patient());
  CHECK(restarts_in(read_blocks(*source, 50)) == 0);
}
