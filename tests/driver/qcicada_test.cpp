// SPDX-License-Identifier: Apache-2.0
#include "driver/devices/qcicada/qcicada.h"

#include <catch2/catch.hpp>

#include "driver/transport/ftdi_chip.h"
#include "driver/usb/device_source.h"
#include "tests/driver/reading.h"
#include "tests/driver/serial_bench.h"
#include "tests/driver/usb_bench_a.h"
#include "tests/emulated/ftdi_front.h"
#include "tests/emulated/pty_device.h"
#include "tests/emulated/qcicada/emulated_qcicada.h"

using namespace lightseed;
using namespace lightseed::tests;
using namespace lightseed::emulated;

namespace {

struct QcicadaBench {
  EmulatedQCicada model;
  PtyDevice pty{model};

  explicit QcicadaBench(double bytes_per_second = 0) : model(5, bytes_per_second) {}

  [[nodiscard]] std::unique_ptr<Source> open(const std::string& parameters = "", const Patience& limit = patient()) {
    return open_serial_source(
        qcicada_kind(), SourceUri::parse("tty:" + pty.path() + parameters), [this] { return serial_place(pty.path()); },
        limit);
  }
  template <typename Action>
  void with(Action action) {
    pty.with_model([&] { action(model); });
  }
};

}  // namespace

TEST_CASE("A QCicada is identified with its key, certificate and signature, and read raw") {
  QcicadaBench bench;
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
  QcicadaBench bench;
  bench.with([](auto& model) { model.full = false; });
  const auto source = bench.open("?output=samples");
  CHECK(source->info().parameters.at("qcc").at("identity").at("certificate_checked") == false);
  source->start(patient());
  CHECK(restarts_in(read_blocks(*source, 3, 3000)) == 0);
  CHECK(source->status().at("device").at("bits_per_second") == 100'000);  // 24 bytes of statistics
  CHECK(restarts_in(read_blocks(*source, 3, 3000)) == 0);
  bench.with([](auto& model) { CHECK(model.output() == 2); });
  QcicadaBench other;
  CHECK(category_of([&] { (void)other.open("?output=loud"); }) == Category::usage);
  CHECK(category_of([&] { (void)other.open("?ca_key=12"); }) == Category::usage);
}

TEST_CASE("A QCicada that another program left sending is stopped, also when its data look like answers") {
  QcicadaBench bench;
  bench.with([](auto& model) {
    model.stale_stream = true;
    model.echoes_ack = true;
  });
  const auto source = bench.open();
  source->start(patient());
  CHECK(restarts_in(read_blocks(*source, 5, 3000)) == 0);
}

TEST_CASE("Signatures and certificates that do not fit are refused") {
  QcicadaBench unsigned_device;
  unsigned_device.with([](auto& model) { model.bad_signature = true; });
  CHECK(category_of([&] { (void)unsigned_device.open(); }) == Category::device);
  QcicadaBench uncertified;
  uncertified.with([](auto& model) { model.bad_certificate = true; });
  CHECK(category_of([&] { (void)uncertified.open("?ca_key=" + uncertified.model.ca_key()); }) == Category::device);
}

TEST_CASE("Refused commands: identity is optional, the rest is not") {
  for (const unsigned command : {0xF7U, 0xF9U, 0x51U}) {
    QcicadaBench bench;
    bench.with([&](auto& model) { model.refused[command] = true; });
    CHECK(bench.open()->info().serial == "QC0000000217");
  }
  QcicadaBench nameless;
  nameless.with([](auto& model) { model.refused[0x0B] = true; });
  CHECK(category_of([&] { (void)nameless.open(); }) == Category::device);
  for (const unsigned command : {0x01U, 0x07U, 0x08U, 0x0AU}) {
    INFO(command);
    QcicadaBench bench;
    const auto source = bench.open();
    bench.with([&](auto& model) { model.refused[command] = true; });
    CHECK(category_of([&] { source->start(patient()); }) == Category::device);
  }
  QcicadaBench empty;
  const auto source = empty.open("?give_up_ms=300");
  source->start(patient());
  empty.with([](auto& model) { model.refused[0x04] = true; });
  CHECK(read_blocks(*source, 3, 3000).back() == ReadState::fault);
}

TEST_CASE("Where a QCicada's own SHA-256 makes the bytes, it is tested before; builds without the test say so") {
  QcicadaBench bench;
  const auto source = bench.open("?output=sha256");
  source->start(patient());
  CHECK(source->status().at("device").at("hash_tested") == true);
  bench.with([](auto& model) {
    CHECK(model.hash_tested());
    model.refused[0x20] = true;
  });
  source->start(patient());
  CHECK(source->status().at("device").at("hash_tested") == false);
  bench.with([](auto& model) {
    model.refused[0x20] = false;
    model.wrong_hash = true;
  });
  CHECK(category_of([&] { source->start(patient()); }) == Category::health);
  for (const unsigned command : {0x22U, 0x23U}) {
    bench.with([&](auto& model) { model.refused = {{command, true}}; });
    CHECK(category_of([&] { source->start(patient()); }) == Category::device);
  }
}

TEST_CASE("A QCicada is made to watch itself, and left as it was found") {
  QcicadaBench bench;
  const std::string as_shipped =
                        "00"
                        "0000003f"
                        "02"
                        "0440c0010008",
                    other_program =
                        "02"
                        "0000003f"
                        "22"
                        "0440c0010008";
  const std::string found = GENERATE_COPY(as_shipped, other_program);
  bench.with([&](auto& model) { model.set_config(found); });
  const auto source = bench.open();
  source->start(patient());
  CHECK(restarts_in(read_blocks(*source, 3, 3000)) == 0);
  // Raw noise; the start-up test and both health tests on, "go on after an error" off, the rest as it was.
  const std::string set = "010000003f0f0440c0010008";
  bench.with([&](auto& model) { CHECK(model.config() == set); });
  const Json device = source->status().at("device");
  CHECK(device.at("config_found") == found);
  CHECK(device.at("config_set") == set);
  source->stop();
  bench.with([&](auto& model) { CHECK(model.config() == found); });
  source->start(patient());
  bench.with([&](auto& model) { CHECK(model.config() == set); });
}

namespace {

const std::string as_found =
    "00"
    "0000003f"
    "02"
    "0440c0010008";
const std::string as_set = "010000003f0f0440c0010008";

}  // namespace

TEST_CASE("A QCicada's settings are put back by whoever is stopped, wherever that is") {
  SECTION("in the middle of a block, at the device's own rate") {
    QcicadaBench bench(12'500);
    bench.with([](auto& model) { model.set_config(as_found); });
    const auto source = bench.open();
    source->start(patient());
    Bytes some(100);
    REQUIRE(source->read(some, patient()).state == ReadState::ok);
    Bytes next(8000);
    CHECK(source->read(next, Patience{}.within(50ms)).state == ReadState::timeout);
    source->stop();
    bench.with([](auto& model) { CHECK(model.config() == as_found); });
  }
  SECTION("asked to stop while it starts") {
    QcicadaBench bench;
    bench.with([](auto& model) { model.set_config(as_found); });
    const auto source = bench.open();
    bench.with([](auto& model) { model.start_up_polls = ~0U - 1; });
    std::stop_source stop;
    std::jthread operator_([&] {
      std::string config;
      while (config != as_set)
        bench.with([&](auto& model) { config = model.config(); });
      stop.request_stop();
    });
    CHECK(category_of([&] { source->start({.stop = stop.get_token(), .deadline = patient().deadline}); }) ==
          Category::interrupted);
    bench.with([](auto& model) { CHECK(model.config() == as_found); });
  }
  SECTION("with its health alarm ringing") {
    QcicadaBench bench;
    bench.with([](auto& model) { model.set_config(as_found); });
    const auto source = bench.open();
    source->start(patient());
    bench.with([](auto& model) { model.flags = 1U | 1U << 6U; });
    CHECK(read_blocks(*source, 10, 3000).back() == ReadState::alarm);
    bench.with([](auto& model) { CHECK(model.config() == as_found); });
  }
}

TEST_CASE("What a QCicada had before its cable was pulled is put back, not what we had set by then") {
  QcicadaBench bench;
  bench.with([](auto& model) { model.set_config(as_found); });
  EmulatedQCicada back(6);
  std::unique_ptr<PtyDevice> second;
  const auto source = open_serial_source(
      qcicada_kind(), SourceUri::parse("tty:qcicada"),
      [&] { return serial_place(second ? second->path() : bench.pty.path()); }, patient());
  source->start(patient());
  CHECK(read_blocks(*source, 2, 3000).back() == ReadState::ok);
  // Only its cable was pulled: it keeps its power and what it was told.
  bench.with([&](auto& model) {
    back.be_the_unit(model);
    REQUIRE(model.config() == as_set);
    back.set_config(model.config());
  });
  second = std::make_unique<PtyDevice>(back);
  bench.pty.unplug();
  CHECK(restarts_in(read_blocks(*source, 10, 3000)) == 1);
  CHECK(source->status().at("device").at("config_found") == as_found);
  source->stop();
  second->with_model([&] { CHECK(back.config() == as_found); });
}

TEST_CASE("Settings that reach a QCicada with a byte lost or damaged are set again") {
  const bool lost = GENERATE(true, false);
  const std::size_t at = GENERATE(1U, 6U, 8U, 12U);
  QcicadaBench bench;
  bench.with([&](auto& model) {
    model.set_config(as_found);
    (lost ? model.loses_config_byte : model.damages_config_byte) = at;
  });
  const auto source = bench.open("?give_up_ms=8000");
  source->start(patient());
  bench.with([](auto& model) { CHECK(model.config() == as_set); });
  source->stop();
  bench.with([](auto& model) { CHECK(model.config() == as_found); });
}

TEST_CASE("A QCicada whose health tests cannot be switched on is not read") {
  QcicadaBench bench;
  bench.with([](auto& model) {
    model.set_config(as_found);
    model.keeps_flags = true;
  });
  const auto source = bench.open("?give_up_ms=300");
  try {
    source->start(patient());
    FAIL("started");
  } catch (const Error& error) {
    CHECK(error.category() == Category::device);
    CHECK(std::string(error.what()).find("it does not watch itself") != std::string::npos);
  }
}

TEST_CASE("A QCicada in the middle of a command whose sender was cut off is brought back into step") {
  const auto bytes = [](std::initializer_list<unsigned> values) {
    Bytes all;
    for (const unsigned value : values)
      all.push_back(static_cast<std::byte>(value));
    return all;
  };
  const Bytes cut_off = GENERATE_COPY(bytes({4}), bytes({4, 1}), bytes({4, 1, 0}), bytes({0x51}), bytes({0x51, 0x40}),
                                      bytes({0x22}), bytes({0x22, 0x2C, 1, 0, 7, 14}), bytes({0xF8, 0xA1}));
  QcicadaBench bench;
  bench.with([&](auto& model) { model.receive(cut_off, Clock::now()); });
  const auto source = bench.open();
  source->start(patient());
  CHECK(restarts_in(read_blocks(*source, 3, 3000)) == 0);
}

TEST_CASE("A QCicada whose settings were cut off is refused in words: nobody chose what it has now") {
  const std::size_t heard = GENERATE(0U, 3U, 10U);
  QcicadaBench bench;
  bench.with([&](auto& model) {
    Bytes cut_off{std::byte{8}};
    cut_off.resize(1 + heard, std::byte{2});
    model.receive(cut_off, Clock::now());
  });
  try {
    (void)bench.open();
    FAIL("opened");
  } catch (const Error& error) {
    CHECK(error.category() == Category::device);
    CHECK(std::string(error.what()).find("cut off while it set the device") != std::string::npos);
  }
}

TEST_CASE("A QCicada that had nothing to stop answers with a refusal alone, and is one all the same") {
  QcicadaBench bench;
  bench.with([](auto& model) { model.refused[0x05] = true; });
  CHECK(bench.open()->info().serial == "QC0000000217");
}

TEST_CASE("A QCicada that hears no STOP is none; one that refuses its statistics is read all the same") {
  QcicadaBench deaf;
  deaf.with([](auto& model) { model.silent = true; });
  CHECK(category_of([&] { (void)deaf.open("", Patience{}.within(300ms)); }) == Category::device);
  QcicadaBench secretive;
  const auto source = secretive.open();
  source->start(patient());
  secretive.with([](auto& model) { model.refused[0x09] = true; });
  CHECK(source->status().at("device_error").get<std::string>().find("refused command 09") != std::string::npos);
  CHECK(restarts_in(read_blocks(*source, 3, 3000)) == 0);
}

TEST_CASE("A QCicada that reboots behind its bridge begins the stream anew") {
  QcicadaBench bench;
  const auto source = bench.open("?give_up_ms=6000");
  source->start(patient());
  CHECK(read_blocks(*source, 2, 3000).back() == ReadState::ok);
  bench.with([](auto& model) { model.reboot(); });
  const auto states = read_blocks(*source, 10, 3000);
  CHECK(restarts_in(states) == 1);
  CHECK(states.size() == 10);
}

TEST_CASE("A QCicada whose port goes with it is found at another; one with another key is not taken for it") {
  const bool same_unit = GENERATE(true, false);
  QcicadaBench bench;
  EmulatedQCicada back(6);
  std::unique_ptr<PtyDevice> second;
  const auto source = open_serial_source(
      qcicada_kind(), SourceUri::parse("tty:qcicada"),
      [&] { return serial_place(second ? second->path() : bench.pty.path()); }, patient());
  source->start(patient());
  CHECK(read_blocks(*source, 2, 3000).back() == ReadState::ok);
  if (same_unit) bench.with([&](auto& model) { back.be_the_unit(model); });
  second = std::make_unique<PtyDevice>(back);
  bench.pty.unplug();
  const auto states = read_blocks(*source, 10, 3000);
  CHECK(restarts_in(states) == (same_unit ? 1 : 0));
  CHECK(states.back() == (same_unit ? ReadState::ok : ReadState::disconnected));
}

TEST_CASE("A QCicada whose start-up test never ends does not start; one that falls back into it begins anew") {
  QcicadaBench endless;
  const auto source = endless.open();
  endless.with([](auto& model) { model.start_up_polls = ~0U - 1; });
  CHECK(category_of([&] { source->start(Patience{}.within(300ms)); }) == Category::device);
  QcicadaBench blank;  // flag b0: it says that it is not initialised
  const auto other = blank.open("?give_up_ms=300");
  other->start(patient());
  blank.with([](auto& model) { model.flags = 0; });
  CHECK(read_blocks(*other, 10, 5000).back() == ReadState::fault);
}

TEST_CASE("Behind an FTDI bridge that holds its bytes back for 16 ms, a QCicada is read the same") {
  auto model = std::make_shared<EmulatedQCicada>(5);
  const auto bridge = std::make_shared<EmulatedFtdi>(
      model, EmulatedFtdi::Identity{.product = 0x6015, .max_packet = 64, .product_text = "EMULATED"});
  Port usb;
  usb.plug(bridge);
  const auto source = supervised(qcicada_kind(), "tty:emulated", [&](unsigned baud, const Patience& patience) {
    auto chip = std::make_unique<FtdiChip>(usb.opener()(patience), baud / 10.0);
    chip->reset(patience);
    chip->set_latency(16, patience);
    chip->set_divisor(ftdi_divisor(baud), patience);
    chip->set_8n1(patience);
    chip->start();
    return chip;
  });
  CHECK(bridge->divisor() == 0x0003);
  CHECK(bridge->data_format() == 0x0008);
  CHECK(source->info().serial == "QC0000000217");
  source->start(patient());
  CHECK(restarts_in(read_blocks(*source, 6, 3000)) == 0);
}

TEST_CASE("Each health flag of a QCicada is an alarm, at the start and in mid-stream") {
  const unsigned flag = GENERATE(2U, 3U, 4U, 5U, 6U, 7U);
  QcicadaBench bench;
  const auto source = bench.open();
  source->start(patient());
  CHECK(read_blocks(*source, 2, 3000).back() == ReadState::ok);
  bench.with([&](auto& model) { model.flags = 1U | 1U << flag; });
  CHECK(read_blocks(*source, 10, 3000).back() == ReadState::alarm);
  if (flag == 2) CHECK(category_of([&] { source->start(patient()); }) == Category::health);
}

TEST_CASE("A QCicada with nothing ready is asked again; a lost byte or silence begins anew or ends") {
  QcicadaBench bench;
  const auto source = bench.open("?give_up_ms=4000");
  bench.with([](auto& model) { model.busy_blocks = 5; });
  source->start(patient());
  CHECK(restarts_in(read_blocks(*source, 5, 3000)) == 0);
  bench.with([](auto& model) { model.drop_byte = true; });
  const auto states = read_blocks(*source, 20, 3000);
  CHECK(states.size() == 20);
  CHECK(restarts_in(states) == 1);
  CHECK(source->status().at("device").at("bits_per_second") == 100'000);
  QcicadaBench mute;
  const auto other = mute.open("?give_up_ms=200");
  other->start(patient());
  mute.with([](auto& model) { model.silent = true; });
  CHECK(read_blocks(*other, 20, 3000).back() == ReadState::fault);
}
