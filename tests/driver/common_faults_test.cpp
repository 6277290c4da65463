// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include "driver/devices/bitbabbler/bitbabbler.h"
#include "driver/devices/chaoskey/chaoskey.h"
#include "driver/devices/comscire/comscire.h"
#include "driver/devices/infnoise/infnoise.h"
#include "driver/devices/quantis/quantis.h"
#include "tests/driver/usb_bench_a.h"
#include "tests/emulated/bitbabbler/emulated_bitbabbler.h"
#include "tests/emulated/chaoskey/emulated_chaoskey.h"
#include "tests/emulated/comscire/emulated_comscire.h"
#include "tests/emulated/infnoise/emulated_infnoise.h"
#include "tests/emulated/quantis/emulated_quantis.h"

// What any cable and any host controller can do to any device that is driven over libusb. Silence, and what only one
// protocol knows, is in the devices' own tests.

using namespace lightseed;
using namespace lightseed::tests;
using namespace lightseed::emulated;
using Fault = FaultyUsb::Fault;

namespace {

/// One kind of device, plugged in behind a cable that can be made to fail.
class Subject {
 public:
  explicit Subject(const std::string& name) : name_(name) {
    plug();
    source_ = open_usb_source(kind(), SourceUri::parse("usb:" + name + parameters()), port_.opener(), patient());
    source_->start(patient());
  }

  /// Another life of the same device.
  void plug() {
    ++run_;
    finder_ = {};
    chip_.reset();
    cable_ = std::make_shared<FaultyUsb>(model());
    port_.plug(cable_);
  }
  void unplug() { port_.unplug(); }
  void add(Fault fault) {
    port_.fake()->with_model([&] { cable_->add(fault); });
  }
  /// Packets with little in them: a chip flushes them with their status, other devices just send them.
  void shorten(unsigned packets) {
    port_.fake()->with_model([&] {
      if (chip_) chip_->short_packets = packets;
    });
    if (!chip_) add({Fault::Kind::short_packet, 0, packets, 10});
  }

  /// The states of so many reads; what they bring is checked against what the device sent.
  std::vector<ReadState> read(int blocks) {
    if (name_ != "infnoise") return read_blocks(*source_, blocks);
    std::vector<ReadState> states;
    std::vector<std::byte> block(1024);
    for (int i = 0;
         i < blocks && (states.empty() || states.back() == ReadState::ok || states.back() == ReadState::restarted);
         ++i) {
      const Read got = source_->read(block, patient());
      states.push_back(got.state);
      REQUIRE(got.bytes == (got.state == ReadState::ok ? block.size() : 0));
      if (got.bytes > 0) port_.fake()->with_model([&] { REQUIRE(finder_.find(*noise_, block)); });
    }
    return states;
  }

  /// Reads what the ring may have held before a fault, and some more: there must be one restart.
  void read_over_it() {
    const int blocks = name_ == "infnoise" ? 6 : 80;
    const auto states = read(blocks);
    CHECK(states.size() == static_cast<std::size_t>(blocks));
    CHECK(restarts_in(states) == 1);
  }

  [[nodiscard]] Source& source() { return *source_; }
  [[nodiscard]] FakeUsbfs& fake() { return *port_.fake(); }

 private:
  std::string name_;
  std::uint32_t run_ = 0;
  std::shared_ptr<EmulatedFtdi> chip_;
  std::shared_ptr<EmulatedInfNoise> noise_;
  RoundFinder finder_;
  std::shared_ptr<FaultyUsb> cable_;
  Port port_;
  std::unique_ptr<Source> source_;

  [[nodiscard]] DeviceKind kind() const {
    if (name_ == "quantis") return quantis_kind();
    if (name_ == "chaoskey") return chaoskey_kind();
    if (name_ == "comscire") return comscire_kind();
    return name_ == "infnoise" ? infnoise_kind() : bitbabbler_kind();
  }
  [[nodiscard]] std::string parameters() const {
    if (name_ == "chaoskey") return "?mode=cooked&give_up_ms=4000";
    return name_ == "bitbabbler" ? "?bitrate=30000000&give_up_ms=4000" : "?give_up_ms=4000";
  }
  std::shared_ptr<UsbModel> model() {
    if (name_ == "quantis") return std::make_shared<EmulatedQuantis>(EmulatedQuantis::Options{.run = run_});
    if (name_ == "chaoskey") return std::make_shared<EmulatedChaosKey>(run_);
    std::shared_ptr<SerialModel> behind;
    EmulatedFtdi::Identity identity;
    if (name_ == "comscire") {
      behind = std::make_shared<EmulatedComScire>(run_, 4e6);
      identity = EmulatedComScire::identity("QWR70001");
    } else if (name_ == "infnoise") {
      behind = noise_ = std::make_shared<EmulatedInfNoise>(run_);
      identity = EmulatedInfNoise::identity();
    } else {
      behind = std::make_shared<EmulatedBitBabbler>(run_);
      identity = EmulatedBitBabbler::identity();
    }
    return chip_ = std::make_shared<EmulatedFtdi>(behind, identity);
  }
};

}  // namespace

TEST_CASE("Whatever a cable does, any device goes on, begins anew once, or waits for its last transfer") {
  const std::string name = GENERATE(as<std::string>(), "quantis", "chaoskey", "comscire", "infnoise", "bitbabbler");
  INFO(name);
  Subject subject(name);

  // Short and empty packets lose nothing.
  subject.shorten(5);
  subject.add({Fault::Kind::empty_packet, 0, 5});
  CHECK(restarts_in(subject.read(10)) == 0);

  // A halt, an error on the bus and babble begin the stream anew.
  for (const Fault::Kind kind : {Fault::Kind::stall, Fault::Kind::bus_error, Fault::Kind::babble}) {
    INFO("fault " << static_cast<int>(kind));
    subject.add({kind, 0, 1});
    subject.read_over_it();
  }

  // So does another place on the bus, after an unplugging with transfers in flight.
  subject.unplug();
  subject.plug();
  subject.read_over_it();

  // Transfers that come back late, or completed though cancelled, are waited for.
  subject.fake().set_manners({.cancel_completes = true, .late_cancel = 10ms});
  subject.source().stop();
  CHECK(subject.fake().in_flight() == 0);
  subject.source().start(patient());
  CHECK(restarts_in(subject.read(3)) == 0);
}
