#include "driver/devices/onerng/onerng.h"

#include <catch2/catch.hpp>

#include "driver/devices/device_source.h"
#include "tests/driver/reading.h"
#include "tests/emulated/onerng/emulated_onerng.h"
#include "tests/emulated/pty_device.h"

using namespace lightseed;
using namespace lightseed::tests;
using namespace lightseed::emulated;

namespace {

struct Bench {
  EmulatedOneRng model{3};
  PtyDevice pty{model};

  [[nodiscard]] std::unique_ptr<Source> open(const std::string& parameters = "") {
    return open_serial_source(
        onerng_kind(), SourceUri::parse("tty:" + pty.path() + parameters), [this] { return serial_place(pty.path()); },
        patient());
  }
};

}  // namespace

TEST_CASE("A OneRNG is described and read, also when another program left it running") {
  Bench bench;
  bench.pty.with_model([&] { bench.model.leftovers = GENERATE(false, true); });
  const auto source = bench.open();
  CHECK(source->info().firmware == "3");
  CHECK(source->info().serial == "EMULATED-7");
  source->start(patient());
  CHECK(restarts_in(read_blocks(*source, 20)) == 0);
  bench.pty.with_model([&] { CHECK(bench.model.mode() == 1); });
  source->stop();
}

TEST_CASE("A OneRNG's mode is chosen in the source's name") {
  const auto [name, mode] = GENERATE(table<std::string, unsigned>({{"raw", 1}, {"whitened", 0}, {"rf", 7}}));
  Bench bench;
  const auto source = bench.open("?mode=" + name);
  source->start(patient());
  CHECK(read_blocks(*source, 2).back() == ReadState::ok);
  bench.pty.with_model([&, mode = mode] { CHECK(bench.model.mode() == mode); });
  Bench other;
  CHECK(category_of([&] { (void)other.open("?mode=loud"); }) == Category::usage);
}

TEST_CASE("A OneRNG that has stopped pooling is silent, and ends with a fault") {
  Bench bench;
  const auto source = bench.open("?give_up_ms=300");
  source->start(patient());
  CHECK(read_blocks(*source, 2).back() == ReadState::ok);
  bench.pty.with_model([&] { bench.model.pooling = false; });
  CHECK(read_blocks(*source, 100'000).back() == ReadState::fault);
}

TEST_CASE("What does not answer as a OneRNG is refused") {
  Bench bench;
  bench.pty.with_model([&] { bench.model.answers = false; });
  CHECK(category_of([&] { (void)bench.open(); }) == Category::device);
}
