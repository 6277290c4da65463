#include "driver/devices/qcicada/qcicada.h"

#include <catch2/catch.hpp>

#include "driver/devices/device_source.h"
#include "tests/driver/reading.h"
#include "tests/emulated/pty_device.h"
#include "tests/emulated/qcicada/emulated_qcicada.h"

using namespace lightseed;
using namespace lightseed::tests;
using namespace lightseed::emulated;

namespace {

struct Bench {
  EmulatedQCicada model{5};
  PtyDevice pty{model};

  [[nodiscard]] std::unique_ptr<Source> open(const std::string& parameters = "") {
    return open_serial_source(
        qcicada_kind(), SourceUri::parse("tty:" + pty.path() + parameters), [this] { return serial_place(pty.path()); },
        patient());
  }
  template <typename Action>
  void with(Action action) {
    pty.with_model([&] { action(model); });
  }
};

}  // namespace

TEST_CASE("A QCicada is identified with its key, certificate and signature, and read raw") {
  Bench bench;
  const auto source = bench.open("?ca_key=" + bench.model.ca_key());
  CHECK(source->info().serial == "QC0000000217");
  CHECK(source->info().firmware == "5.14");
  CHECK(source->info().provenance == Provenance::simulated);
  const Json identity = source->info().parameters.at("qcc").at("identity");
  CHECK(identity.at("public_key").get<std::string>().size() == 128);
  CHECK(identity.at("certificate_checked") == true);
  CHECK(identity.contains("signed_read"));
  source->start(patient());
  CHECK(restarts_in(read_blocks(*source, 20, 3000)) == 0);
  bench.with([](auto& model) { CHECK(model.output() == 1); });
}

TEST_CASE("A QCicada's output is chosen by name; other builds have a shorter configuration") {
  Bench bench;
  bench.with([](auto& model) { model.full = false; });
  const auto source = bench.open("?output=samples");
  CHECK(source->info().parameters.at("qcc").at("identity").at("certificate_checked") == false);
  source->start(patient());
  CHECK(restarts_in(read_blocks(*source, 3, 3000)) == 0);
  bench.with([](auto& model) { CHECK(model.output() == 2); });
  Bench other;
  CHECK(category_of([&] { (void)other.open("?output=loud"); }) == Category::usage);
  CHECK(category_of([&] { (void)other.open("?ca_key=12"); }) == Category::usage);
}

TEST_CASE("A QCicada that another program left sending is stopped, also when its data look like answers") {
  Bench bench;
  bench.with([](auto& model) {
    model.stale_stream = true;
    model.echoes_ack = true;
  });
  const auto source = bench.open();
  source->start(patient());
  CHECK(restarts_in(read_blocks(*source, 5, 3000)) == 0);
}

TEST_CASE("Signatures and certificates that do not fit are refused") {
  Bench unsigned_device;
  unsigned_device.with([](auto& model) { model.bad_signature = true; });
  CHECK(category_of([&] { (void)unsigned_device.open(); }) == Category::device);
  Bench uncertified;
  uncertified.with([](auto& model) { model.bad_certificate = true; });
  CHECK(category_of([&] { (void)uncertified.open("?ca_key=" + uncertified.model.ca_key()); }) == Category::device);
}

TEST_CASE("Refused commands: identity is optional, the rest is not") {
  for (const unsigned command : {0xF7U, 0xF9U, 0x51U}) {
    Bench bench;
    bench.with([&](auto& model) { model.refused[command] = true; });
    CHECK(bench.open()->info().serial == "QC0000000217");
  }
  Bench nameless;
  nameless.with([](auto& model) { model.refused[0x0B] = true; });
  CHECK(category_of([&] { (void)nameless.open(); }) == Category::device);
  for (const unsigned command : {0x01U, 0x07U, 0x08U, 0x0AU}) {
    INFO(command);
    Bench bench;
    const auto source = bench.open();
    bench.with([&](auto& model) { model.refused[command] = true; });
    CHECK(category_of([&] { source->start(patient()); }) == Category::device);
  }
  Bench empty;
  const auto source = empty.open("?give_up_ms=300");
  source->start(patient());
  empty.with([](auto& model) { model.refused[0x04] = true; });
  CHECK(read_blocks(*source, 3, 3000).back() == ReadState::fault);
}

TEST_CASE("Each health flag of a QCicada is an alarm, at the start and in mid-stream") {
  const unsigned flag = GENERATE(2U, 3U, 4U, 5U, 6U, 7U);
  Bench bench;
  const auto source = bench.open();
  source->start(patient());
  CHECK(read_blocks(*source, 2, 3000).back() == ReadState::ok);
  bench.with([&](auto& model) { model.flags = 1U | 1U << flag; });
  CHECK(read_blocks(*source, 10, 3000).back() == ReadState::alarm);
  CHECK(category_of([&] { source->start(patient()); }) == Category::health);
}

TEST_CASE("A QCicada with nothing ready is asked again; a lost byte or silence begins anew or ends") {
  Bench bench;
  const auto source = bench.open("?give_up_ms=4000");
  bench.with([](auto& model) { model.busy_blocks = 5; });
  source->start(patient());
  CHECK(restarts_in(read_blocks(*source, 5, 3000)) == 0);
  bench.with([](auto& model) { model.drop_byte = true; });
  const auto states = read_blocks(*source, 20, 3000);
  CHECK(states.size() == 20);
  CHECK(restarts_in(states) == 1);
  CHECK(source->status().at("device").at("bits_per_second") == 100'000);
  bench.with([](auto& model) { model.silent = true; });
  CHECK(read_blocks(*source, 20, 3000).back() == ReadState::fault);
}
