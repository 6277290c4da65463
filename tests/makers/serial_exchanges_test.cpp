// SPDX-License-Identifier: Apache-2.0
// Serial devices: what makers' programs and firmware said, replayed against the emulated devices and against the
// drivers.
#include <algorithm>
#include <catch2/catch.hpp>

#include "driver/devices/onerng/onerng.h"
#include "driver/devices/qcicada/qcicada.h"
#include "driver/devices/rava/rava.h"
#include "driver/devices/truerng/truerng.h"
#include "tests/driver/reading.h"
#include "tests/emulated/onerng/emulated_onerng.h"
#include "tests/emulated/qcicada/emulated_qcicada.h"
#include "tests/emulated/rava/emulated_rava.h"
#include "tests/emulated/truerng/emulated_truerng.h"
#include "tests/makers/recorded_device.h"

using namespace lightseed;
using namespace lightseed::makers;
using namespace lightseed::emulated;
using namespace lightseed::tests;

namespace {

/// Sends `device` what was sent in the exchange, and demands the answers.
void replay(SerialModel& device, const std::vector<Step>& exchange) {
  for (std::size_t i = 0; i < exchange.size(); ++i) {
    const Step& step = exchange[i];
    REQUIRE(step.kind == Step::Kind::sent);
    INFO(words_for(step.data.bytes));
    device.receive(step.data.bytes, Clock::now());
    Recorded expected;
    if (i + 1 < exchange.size() && exchange[i + 1].kind == Step::Kind::answered) expected = exchange[++i].data;
    Bytes heard;
    for (Bytes part; heard.size() < expected.bytes.size(); heard.insert(heard.end(), part.begin(), part.end())) {
      part = device.send(expected.bytes.size() - heard.size(), Clock::now());
      if (part.empty()) break;
    }
    INFO("answered " << words_for(heard) << " and not " << words_for(expected.bytes));
    REQUIRE(expected.fits(heard));
    if (!expected.more) REQUIRE(device.send(1, Clock::now()).empty());
  }
}

/// The bytes of the answer to the `n`th time (from 0) that `request` was sent, from byte `from` on.
Bytes answer_to(const std::vector<Step>& exchange, const Bytes& request, std::size_t from, std::size_t n = 0) {
  for (std::size_t i = 0; i + 1 < exchange.size(); ++i) {
    if (exchange[i].kind != Step::Kind::sent || exchange[i].data.bytes != request || n-- > 0) continue;
    const Bytes& all = exchange[i + 1].data.bytes;
    return {all.begin() + static_cast<std::ptrdiff_t>(from), all.end()};
  }
  return {};
}

Bytes bytes_of(std::initializer_list<unsigned> values) {
  Bytes bytes;
  for (const unsigned value : values)
    bytes.push_back(static_cast<std::byte>(value));
  return bytes;
}

Bytes bytes_of(const std::string& text) {
  const auto all = std::as_bytes(std::span(text));
  return {all.begin(), all.end()};
}

/// Protocol 2 as firmware 2.0.0 hears it (src/rava_comm.cpp:38): what is no '$' is passed over, and eight bytes are a
/// command. Serial number and STOP have no parameters (src/rava_firmware.cpp:262 and 449): what stands there is not
/// looked at.
class Protocol2Ears final : public SerialModel {
 public:
  explicit Protocol2Ears(SerialModel& device) : device_(device) {}

  void receive(std::span<const std::byte> bytes, Clock::time_point now) override {
    heard_.insert(heard_.end(), bytes.begin(), bytes.end());
    while (true) {
      heard_.erase(heard_.begin(), std::find(heard_.begin(), heard_.end(), std::byte{'$'}));
      if (heard_.size() < 8) return;
      if (heard_[1] == std::byte{1} || heard_[1] == std::byte{51}) std::fill_n(heard_.begin() + 2, 6, std::byte{});
      device_.receive(std::span(heard_).first(8), now);
      heard_.erase(heard_.begin(), heard_.begin() + 8);
    }
  }
  Bytes send(std::size_t room, Clock::time_point now) override { return device_.send(room, now); }

 private:
  SerialModel& device_;
  Bytes heard_;
};

/// A driver's session on a device that knows nothing but an exchange.
struct Replayed {
  std::vector<Step> exchange;
  RecordedDevice device{exchange};
  SourceInfo info;

  explicit Replayed(const std::string& name) : exchange(recorded_exchange(name)) {}

  std::unique_ptr<Session> open(const DeviceKind& kind) { return open(kind, device); }

  std::unique_ptr<Session> open(const DeviceKind& kind, SerialModel& heard_by) {
    SourceUri uri = SourceUri::parse("tty:recorded");
    return serial_sessions(kind, uri)(
        [&heard_by](unsigned, const Patience&) { return std::make_unique<ModelChannel>(heard_by); }, info, patient());
  }
};

Bytes read_from(Session& session, std::size_t size) {
  Bytes block(size);
  for (std::size_t got = 0; got < size;) {
    const std::size_t part = session.read(std::span(block).subspan(got), patient());
    REQUIRE(part > 0);
    got += part;
  }
  return block;
}

}  // namespace

TEST_CASE("RAVA's firmware 3.0.0: the emulated device answers as it does") {
  EmulatedRava device({});
  replay(device, recorded_exchange("rava-3"));
}

TEST_CASE("RAVA's firmware 3.0.0: the driver reads what it answered, and sends nothing that it was not asked") {
  Replayed replayed("rava-3");
  const auto session = replayed.open(rava_kind());
  CHECK(replayed.info.firmware == "3.0.0");
  CHECK(replayed.info.serial == "EMULATED01");
  session->begin(patient());
  const Bytes noise =
      answer_to(replayed.exchange, bytes_of({0x21, 0x24, 4, 0, 15, 0, 0, 4, 0, 2, 1, 0, 0xD9, 0x1C}), 10);
  REQUIRE(noise.size() == 1024);
  CHECK(read_from(*session, 1024) == noise);
  CHECK(session->status(patient()).at("temperature_adc") == 302);
  CHECK(replayed.device.strange().empty());
}

TEST_CASE("RAVA's Python driver 2.0.0: the emulated device answers as it was taken") {
  EmulatedRava device({.protocol = 2, .serial = "EMULATED"});
  replay(device, recorded_exchange("rava-2"));
}

TEST_CASE("RAVA's Python driver 2.0.0: ours asks the same questions of protocol 2, beside those that tell it from 3") {
  Replayed replayed("rava-2");
  Protocol2Ears ears(replayed.device);
  const auto session = replayed.open(rava_kind(), ears);
  CHECK(replayed.info.firmware == "2.0.0");
  CHECK(replayed.info.serial == "EMULATED");
  session->begin(patient());
  CHECK(read_from(*session, 1024) == answer_to(replayed.exchange, bytes_of({0x24, 33, 0, 2, 0, 1, 0, 0}), 8));
  CHECK(replayed.device.strange().empty());
}

TEST_CASE("QCicada's Python driver 0.2.1: the emulated device answers as it was taken") {
  EmulatedQCicada device(1);
  device.start_up_polls = 0;
  replay(device, recorded_exchange("qcicada"));
}

TEST_CASE(
    "QCicada's Python driver 0.2.1: ours reads what it read, with its commands alone, and puts the settings back") {
  Replayed replayed("qcicada");
  const auto session = replayed.open(qcicada_kind());
  CHECK(replayed.info.serial == "QC0000000217");
  CHECK(replayed.info.firmware == "5.14");
  session->begin(patient());
  CHECK(read_from(*session, 4096) == answer_to(replayed.exchange, bytes_of({4, 1, 0, 0x10}), 6));
  CHECK(session->status(patient()).at("bits_per_second") == 100'000);
  session->end();
  CHECK(replayed.device.strange().empty());
}

TEST_CASE("OneRNG's programs and firmware: the emulated device answers as they say") {
  EmulatedOneRng device(1);
  device.id = std::string(32, '7');  // 16 bytes in hexadecimal: validate.c, send_id_block()
  replay(device, recorded_exchange("onerng"));
}

TEST_CASE("OneRNG's programs and firmware: the driver reads what they say, with their commands alone") {
  Replayed replayed("onerng");
  const auto session = replayed.open(onerng_kind());
  CHECK(replayed.info.firmware == "3");
  CHECK(replayed.info.serial == "00112233445566778899AABBCCDDEEFF");
  session->begin(patient());
  const Bytes noise = answer_to(replayed.exchange, bytes_of("cmdO\n"), 0, 3);
  REQUIRE(noise.size() == 128);
  CHECK(read_from(*session, 128) == noise);
  session->end();
  CHECK(replayed.device.strange().empty());
}

TEST_CASE("TrueRNG's mode script: the driver opens the port at its rates, and the emulated device hears the mode") {
  const auto exchange = recorded_exchange("truerng");
  REQUIRE(exchange.size() % 4 == 0);
  const std::vector<std::string> modes{"normal", "rng1", "rng2", "raw", "unwhitened"};
  REQUIRE(exchange.size() / 4 == modes.size());
  for (std::size_t i = 0; i < modes.size(); ++i) {
    INFO(modes[i]);
    std::vector<unsigned> recorded, opened;
    EmulatedTrueRng device(1);
    for (std::size_t j = 0; j < 4; ++j) {
      recorded.push_back(exchange[4 * i + j].baud);
      device.line_coding(recorded.back());
    }
    CHECK(device.mode() == recorded.back());
    SourceUri uri = SourceUri::parse("usb:truerng?mode=" + modes[i]);
    SourceInfo info;
    const auto session = serial_sessions(truerng_kind(), uri)(
        [&](unsigned baud, const Patience&) {
          opened.push_back(baud);
          return std::make_unique<ModelChannel>(device);
        },
        info, patient());
    opened.clear();  // it is opened first to see whether it is there
    session->begin(patient());
    CHECK(opened == recorded);
  }
}
