// SPDX-License-Identifier: Apache-2.0
#include "driver/devices/onerng/onerng.h"
#include "core/hex.h"

#include <catch2/catch.hpp>

#include "crypto/digest.h"
#include "driver/usb/device_source.h"
#include "tests/driver/reading.h"
#include "tests/driver/serial_bench.h"
#include "tests/emulated/onerng/emulated_onerng.h"
#include "tests/emulated/pty_device.h"

using namespace lightseed;
using namespace lightseed::tests;
using namespace lightseed::emulated;

namespace {

struct OnerngBench {
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
  OnerngBench bench;
  bench.pty.with_model([&] { bench.model.leftovers = GENERATE(false, true); });
  const auto source = bench.open();
  CHECK(source->info().firmware == "3");
  CHECK(source->info().serial == "EMULATED-7");
  source->start(patient());
  CHECK(restarts_in(read_blocks(*source, 20)) == 0);
  bench.pty.with_model([&] { CHECK(bench.model.mode() == 1); });
  source->stop();
}

TEST_CASE("A OneRNG in the middle of a command whose sender was cut off is brought back into step") {
  const std::string heard = GENERATE("c", "cmd", "cmdO", "cmdO\ncmd");
  OnerngBench bench;
  bench.pty.with_model([&] { bench.model.receive(std::as_bytes(std::span(heard)), emulated::Clock::now()); });
  const auto source = bench.open();
  CHECK(source->info().serial == "EMULATED-7");
  source->start(patient());
  CHECK(restarts_in(read_blocks(*source, 5)) == 0);
}

TEST_CASE("A OneRNG's mode is chosen in the source's name") {
  const auto [name, mode] = GENERATE(table<std::string, unsigned>({{"raw", 1}, {"whitened", 0}, {"rf", 7}}));
  OnerngBench bench;
  const auto source = bench.open("?mode=" + name);
  source->start(patient());
  CHECK(read_blocks(*source, 2).back() == ReadState::ok);
  bench.pty.with_model([&, mode = mode] { CHECK(bench.model.mode() == mode); });
  OnerngBench other;
  CHECK(category_of([&] { (void)other.open("?mode=loud"); }) == Category::usage);
}

TEST_CASE("A OneRNG that has stopped pooling is silent, and ends with a fault") {
  OnerngBench bench;
  const auto source = bench.open("?give_up_ms=300");
  source->start(patient());
  CHECK(read_blocks(*source, 2).back() == ReadState::ok);
  bench.pty.with_model([&] { bench.model.pooling = false; });
  CHECK(read_blocks(*source, 100'000).back() == ReadState::fault);
}

TEST_CASE("A OneRNG's firmware image is evidence when it is whole, and refused when it is cut short") {
  const auto [bytes, whole] = GENERATE(table<std::size_t, bool>({{262144, true}, {262143, false}, {131072, false}}));
  OnerngBench bench;
  bench.pty.with_model([&, size = bytes] { bench.model.image_bytes = size; });
  if (!whole) {
    CHECK(category_of([&] { (void)bench.open("?image=digest"); }) == Category::device);
    return;
  }
  const auto source = bench.open("?image=digest");
  const Json image = source->info().parameters.at("onerng").at("identity").at("firmware_image");
  CHECK(image.at("bytes") == bytes);
  CHECK(image.at("sha256") == hex(sha256(std::vector<std::byte>(bytes, std::byte{'F'}))));
  source->start(patient());
  CHECK(restarts_in(read_blocks(*source, 5)) == 0);
  CHECK(category_of([&] { (void)bench.open("?image=run"); }) == Category::usage);
}

TEST_CASE("A OneRNG whose DTR drops is silent until its port is opened anew") {
  EmulatedOneRng model(3);
  const auto source = supervised(onerng_kind(), "tty:emulated",
                                 [&model](unsigned, const Patience&) {
                                   model.dtr = true;  // as opening a tty does
                                   return std::make_unique<ModelChannel>(model);
                                 },
                                 {.give_up = 8s});
  source->start(patient());
  CHECK(restarts_in(read_blocks(*source, 3)) == 0);
  model.dtr = false;
  const auto states = read_blocks(*source, 5);
  CHECK(states.front() == ReadState::restarted);
  CHECK(restarts_in(states) == 1);
  CHECK(states.size() == 5);
}

TEST_CASE("Every OneRNG has the same USB serial number: another one in its place ends the stream") {
  EmulatedOneRng model(3);
  const auto source = supervised(onerng_kind(), "tty:emulated",
                                 [&model](unsigned, const Patience&) {
                                   model.dtr = true;
                                   return std::make_unique<ModelChannel>(model);
                                 },
                                 {.give_up = 8s});
  CHECK(source->info().serial == "EMULATED-7");
  source->start(patient());
  CHECK(restarts_in(read_blocks(*source, 3)) == 0);
  model.id = "EMULATED-8";
  model.dtr = false;
  Bytes block(4096);
  Read read = source->read(block, patient());
  while (read.state == ReadState::ok)
    read = source->read(block, patient());
  CHECK(read.state == ReadState::disconnected);
  CHECK(read.detail.find("its serial number was 'EMULATED-7' and is 'EMULATED-8'") != std::string::npos);
}

TEST_CASE("What does not answer as a OneRNG is refused") {
  OnerngBench bench;
  bench.pty.with_model([&] { bench.model.answers = false; });
  CHECK(category_of([&] { (void)bench.open(); }) == Category::device);
}
