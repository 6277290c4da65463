// SPDX-License-Identifier: Apache-2.0
// USB devices: what makers' programs sent, replayed against the emulated devices, and compared with what the drivers
// send.
#include <algorithm>
#include <catch2/catch.hpp>

#include "driver/devices/bitbabbler/bitbabbler.h"
#include "driver/devices/comscire/comscire.h"
#include "driver/devices/infnoise/infnoise.h"
#include "driver/devices/quantis/quantis.h"
#include "driver/transport/ftdi_chip.h"
#include "tests/driver/usb_bench_a.h"
#include "tests/emulated/bitbabbler/emulated_bitbabbler.h"
#include "tests/emulated/comscire/emulated_comscire.h"
#include "tests/emulated/ftdi_front.h"
#include "tests/emulated/infnoise/emulated_infnoise.h"
#include "tests/emulated/quantis/emulated_quantis.h"
#include "tests/makers/exchange.h"

using namespace lightseed;
using namespace lightseed::makers;
using namespace lightseed::emulated;
using namespace lightseed::tests;

namespace {

constexpr std::uint8_t bulk_out = 0x02, bulk_in = 0x81;

/// Listens at the cable to what the host sends.
class Tap final : public UsbModel {
 public:
  explicit Tap(std::shared_ptr<UsbModel> device) : device_(std::move(device)) {}

  std::vector<std::string> sent;

  [[nodiscard]] Bytes descriptors() const override { return device_->descriptors(); }
  [[nodiscard]] std::optional<std::string> text(unsigned index) const override { return device_->text(index); }
  std::optional<Bytes> control(const Setup& setup, std::span<const std::byte> out, Clock::time_point now) override {
    sent.push_back(words_for(setup));
    return device_->control(setup, out, now);
  }
  Bulk bulk_in(std::uint8_t endpoint, std::span<std::byte> room, Clock::time_point now) override {
    return device_->bulk_in(endpoint, room, now);
  }
  Bulk bulk_out(std::uint8_t endpoint, std::span<const std::byte> data, Clock::time_point now) override {
    sent.push_back(words_for(data));
    return device_->bulk_out(endpoint, data, now);
  }
  void clear_halt(std::uint8_t endpoint) override { device_->clear_halt(endpoint); }
  void reset() override { device_->reset(); }

 private:
  std::shared_ptr<UsbModel> device_;
};

/// What a chip passes on: its payload, without the status bytes of each packet. The clock is moved on for a chip that
/// waits.
Bytes read_payload(UsbModel& device, std::size_t size, std::size_t packet) {
  Bytes heard;
  for (int polls = 0; heard.size() < size && polls < 10'000; ++polls) {
    Bytes room(packet);
    const Bulk bulk = device.bulk_in(bulk_in, room, Clock::now());
    if (bulk.result != Bulk::Result::done) {
      SteadyClock::move_on(1ms);
      continue;
    }
    room.resize(bulk.bytes);
    room.resize(strip_ftdi_status(room, packet));
    heard.insert(heard.end(), room.begin(), room.end());
  }
  return heard;
}

/// Sends `device` what was sent in the exchange, and demands the answers.
void replay(UsbModel& device, const std::vector<Step>& exchange, std::size_t packet) {
  for (const Step& step : exchange) {
    if (step.kind == Step::Kind::control) {
      INFO(words_for(step.setup));
      const auto answer = answer_control(device, step.setup, {}, Clock::now());
      REQUIRE(answer);
      CHECK(step.data.fits(*answer));
    } else if (step.kind == Step::Kind::sent) {
      INFO(words_for(step.data.bytes));
      REQUIRE(device.bulk_out(bulk_out, step.data.bytes, Clock::now()).result == Bulk::Result::done);
    } else {
      Bytes heard = read_payload(device, step.data.bytes.size(), packet);
      INFO("answered " << words_for(heard));
      if (step.data.more) heard.resize(std::min(heard.size(), step.data.bytes.size()));
      CHECK(step.data.fits(heard));
    }
  }
}

/// What the driver sends from its first word until it reads `bytes` of samples.
std::vector<std::string> sent_by(const DeviceKind& kind, const std::shared_ptr<UsbModel>& device, std::size_t bytes) {
  const auto tap = std::make_shared<Tap>(device);
  Port port;
  port.plug(tap);
  SourceUri uri = SourceUri::parse("usb:" + kind.name);
  SourceInfo info;
  const auto session = std::get<0>(kind.driven)(uri)(open_fake(*port.fake()), info, patient());
  session->begin(patient());
  Bytes block(bytes);
  for (std::size_t got = 0; got < bytes;)
    got += session->read(std::span(block).subspan(got), patient());
  std::vector<std::string> sent;
  port.fake()->with_model([&] { sent = tap->sent; });
  return sent;
}

/// As many as the other has.
std::vector<std::string> first_of(std::vector<std::string> list, std::size_t size) {
  list.resize(std::min(list.size(), size));
  return list;
}

std::shared_ptr<UsbModel> pure_quantum() {
  return std::make_shared<EmulatedFtdi>(std::make_shared<EmulatedComScire>(1, 4e6),
                                        EmulatedComScire::identity("QWR70001"));
}

std::shared_ptr<UsbModel> bit_babbler() {
  return std::make_shared<EmulatedFtdi>(std::make_shared<EmulatedBitBabbler>(1), EmulatedBitBabbler::identity());
}

std::shared_ptr<UsbModel> infinite_noise() {
  return std::make_shared<EmulatedFtdi>(std::make_shared<EmulatedInfNoise>(1), EmulatedInfNoise::identity());
}

}  // namespace

TEST_CASE("ID Quantique's library: the emulated device answers its requests, and the driver has no others") {
  const auto exchange = recorded_exchange("quantis");
  EmulatedQuantis device({});
  replay(device, exchange, 512);
  const auto theirs = sent_in(exchange);
  const auto disabled = std::make_shared<EmulatedQuantis>(EmulatedQuantis::Options{.enabled = false});
  const auto ours = sent_by(quantis_kind(), disabled, 4096);
  CHECK(ours.size() >= 8);
  for (const std::string& words : ours) {
    INFO(words);
    CHECK(std::find(theirs.begin(), theirs.end(), words) != theirs.end());
  }
  // A board is reset by disabling its modules and enabling them: QuantisUsb_Unix.c:182.
  const auto off = std::find(ours.begin(), ours.end(), "41 11 0000 0000");
  REQUIRE(off != ours.end());
  CHECK(*(off + 1) == "41 12 0000 0000");
}

TEST_CASE("libqwqng 1.4: the emulated device answers it, and the driver begins in its words and order") {
  const auto exchange = recorded_exchange("comscire");
  replay(*pure_quantum(), exchange, 512);
  // The library resets the chip when it opens it, and has stopped when it closes it.
  auto theirs = sent_in(exchange);
  theirs.erase(theirs.begin());
  theirs.pop_back();
  CHECK(sent_by(comscire_kind(), pure_quantum(), 4096) == theirs);
}

TEST_CASE("bit-babbler 0.9: the emulated device answers it, and the driver begins in its words and order") {
  const auto exchange = recorded_exchange("bitbabbler");
  replay(*bit_babbler(), exchange, 512);
  CHECK(first_of(sent_by(bitbabbler_kind(), bit_babbler(), 4096), sent_in(exchange).size()) == sent_in(exchange));
}

TEST_CASE("infnoise: the emulated device answers it, and the driver begins in its words and order") {
  const auto exchange = recorded_exchange("infnoise");
  replay(*infinite_noise(), exchange, 64);
  auto theirs = sent_in(exchange);
  auto ours = first_of(sent_by(infnoise_kind(), infinite_noise(), 64), theirs.size());
  REQUIRE(ours.size() == theirs.size());
  // The trial: as many bytes, of the clock's pattern instead of zeros.
  const std::size_t trial = theirs.size() - 2;
  CHECK(ours[trial].size() == theirs[trial].size());
  ours[trial] = theirs[trial];
  CHECK(ours == theirs);
}
