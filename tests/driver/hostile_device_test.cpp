// SPDX-License-Identifier: Apache-2.0
// What any USB device may do wrong before its protocol matters: broken descriptors, control requests that are never
// answered or always wrongly, a cable pulled while nobody was reading.
#include <algorithm>
#include <catch2/catch.hpp>
#include <cerrno>
#include <thread>

#include "driver/devices/chaoskey/chaoskey.h"
#include "driver/devices/devices.h"
#include "driver/devices/quantis/quantis.h"
#include "tests/address_sanitizer.h"
#include "tests/driver/usb_bench_a.h"
#include "tests/emulated/chaoskey/emulated_chaoskey.h"
#include "tests/emulated/quantis/emulated_quantis.h"
#include "tests/emulated/twins.h"

#if LIGHTSEED_UNDER_ASAN
#include <sanitizer/lsan_interface.h>
/// libusb 1.0.26 itself loses an array of alternate settings when descriptors end in the middle of one.
#define LIBUSB_MAY_LEAK const __lsan::ScopedDisabler libusb_may_leak
#else
#define LIBUSB_MAY_LEAK static_cast<void>(0)
#endif

using namespace lightseed;
using namespace lightseed::tests;
using namespace lightseed::emulated;

namespace {

/// A device with other descriptors than its own, and if told, with no more to say than that it has understood.
class Misdescribed final : public UsbModel {
 public:
  Misdescribed(std::shared_ptr<UsbModel> inner, Bytes descriptors)
      : inner_(std::move(inner)), descriptors_(std::move(descriptors)) {}

  [[nodiscard]] Bytes descriptors() const override { return descriptors_; }
  [[nodiscard]] std::optional<std::string> text(unsigned index) const override { return inner_->text(index); }
  std::optional<Bytes> control(const Setup& setup, std::span<const std::byte> out, Clock::time_point now) override {
    ++requests;
    if (monosyllabic) return Bytes{};
    return inner_->control(setup, out, now);
  }
  Bulk bulk_in(std::uint8_t endpoint, std::span<std::byte> room, Clock::time_point now) override {
    return inner_->bulk_in(endpoint, room, now);
  }

  bool monosyllabic = false;
  unsigned requests = 0;

 private:
  std::shared_ptr<UsbModel> inner_;
  Bytes descriptors_;
};

const DeviceKind& kind_of(const Twin& twin) {
  return *std::find_if(device_kinds().begin(), device_kinds().end(),
                       [&](const DeviceKind& kind) { return kind.name == twin.name; });
}

struct Opening {
  bool opened = false;    ///< else it was refused as it should be
  unsigned requests = 0;  ///< of the device's own kind that it got
};

/// Opens a device with these descriptors.
Opening open_as(const Twin& twin, const Bytes& descriptors) {
  LIBUSB_MAY_LEAK;
  const auto model =
      std::make_shared<Misdescribed>(twin.usb({.serial = twin.default_serial, .run = noise_run(1)}), descriptors);
  Port port;
  port.plug(model);
  Opening result;
  try {
    (void)open_usb_source(kind_of(twin), SourceUri::parse("usb:" + twin.name), port.opener(), Patience{}.within(2s));
    result.opened = true;
  } catch (const Error& error) {
    INFO(error.what());
    CHECK(error.category() == Category::device);
    CHECK_FALSE(std::string(error.what()).empty());
  }
  result.requests = model->requests;
  return result;
}

std::unique_ptr<Source> open_quantis(Port& port, const std::string& parameters = "",
                                     const Patience& patience = patient()) {
  return open_usb_source(quantis_kind(), SourceUri::parse("usb:quantis" + parameters), port.opener(), patience);
}

}  // namespace

TEST_CASE("Descriptors cut off anywhere are refused, and nothing is asked of the device") {
  for (const Twin& twin : twins()) {
    if (twin.is_serial()) continue;
    INFO(twin.name);
    const Bytes whole = twin.usb({.serial = twin.default_serial, .run = 1})->descriptors();
    REQUIRE(open_as(twin, whole).opened);
    // An endpoint less may leave a device that works; without any it cannot.
    const std::size_t first_endpoint = 18 + 9 + 9;
    for (std::size_t size = 0; size <= first_endpoint; ++size) {
      INFO(size << " bytes");
      const Opening result = open_as(twin, Bytes(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size)));
      CHECK_FALSE(result.opened);
      CHECK(result.requests == 0);
    }
    for (std::size_t size = first_endpoint; size < whole.size(); ++size)
      (void)open_as(twin, Bytes(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size)));
  }
}

TEST_CASE("Any byte of the descriptors may be wrong: the device opens or is refused, and that is all") {
  for (const Twin& twin : twins()) {
    if (twin.is_serial()) continue;
    INFO(twin.name);
    const Bytes whole = twin.usb({.serial = twin.default_serial, .run = 1})->descriptors();
    for (std::size_t at = 0; at < whole.size(); ++at) {
      for (const unsigned value : {0x00U, 0x01U, 0x7FU, 0xFFU}) {
        Bytes wrong = whole;
        wrong[at] = static_cast<std::byte>(value);
        INFO("byte " << at << " is " << value);
        (void)open_as(twin, wrong);
      }
    }
  }
}

TEST_CASE("A device that never answers a control request is given up within the deadline") {
  Port port;
  port.plug(std::make_shared<EmulatedQuantis>(EmulatedQuantis::Options{}));
  port.fake()->set_manners({.control_hangs = true});
  CHECK(category_of([&] { (void)open_quantis(port, "", Patience{}.within(200ms)); }) == Category::device);
  CHECK(port.fake()->in_flight() == 0);
}

TEST_CASE("Asked to stop, nobody waits for a control request") {
  Port port;
  port.plug(std::make_shared<EmulatedQuantis>(EmulatedQuantis::Options{}));
  port.fake()->set_manners({.control_hangs = true});
  std::stop_source stop;
  std::jthread asker([&] {
    std::this_thread::sleep_for(30ms);
    stop.request_stop();
  });
  Patience patience = patient();
  patience.stop = stop.get_token();
  CHECK(category_of([&] { (void)open_quantis(port, "", patience); }) == Category::interrupted);
}

TEST_CASE("Control requests that hang or fail in mid-stream end the source within the time given") {
  const FakeUsbfs::Manners manners =
      GENERATE(FakeUsbfs::Manners{.control_hangs = true}, FakeUsbfs::Manners{.control_status = -EOVERFLOW});
  Port port;
  port.plug(std::make_shared<EmulatedQuantis>(EmulatedQuantis::Options{.bytes_per_second = 2e5}));
  const auto source = open_quantis(port, "?give_up_ms=100");
  source->start(patient());
  CHECK(read_blocks(*source, 3).back() == ReadState::ok);
  port.fake()->set_manners(manners);
  CHECK(read_blocks(*source, 1000).back() == ReadState::fault);
}

TEST_CASE("A device that always says more than it was asked, or nothing, is refused") {
  for (const int status : {-EOVERFLOW, -EPIPE, -EPROTO, -EILSEQ}) {
    Port port;
    port.plug(std::make_shared<EmulatedQuantis>(EmulatedQuantis::Options{}));
    port.fake()->set_manners({.control_status = status});
    CHECK(category_of([&] { (void)open_quantis(port); }) == Category::device);
  }
  const auto quantis = std::make_shared<EmulatedQuantis>(EmulatedQuantis::Options{});
  const auto mute = std::make_shared<Misdescribed>(quantis, quantis->descriptors());
  mute->monosyllabic = true;
  Port port;
  port.plug(mute);
  CHECK(category_of([&] { (void)open_quantis(port); }) == Category::device);
  CHECK(mute->requests < 10);
}

TEST_CASE("Pulled while it slept, a device is missed at the next start, and found when it is back") {
  Port port;
  port.plug(std::make_shared<EmulatedChaosKey>(1));
  const auto source =
      open_usb_source(chaoskey_kind(), SourceUri::parse("usb:chaoskey?mode=cooked"), port.opener(), patient());
  source->start(patient());
  CHECK(read_blocks(*source, 3).back() == ReadState::ok);
  // Nothing in flight: the system suspends such a device, and nothing tells of the pulled cable.
  source->stop();
  port.unplug();
  CHECK(category_of([&] { source->start(patient()); }) == Category::device);
  std::vector<std::byte> block(64);
  CHECK(source->read(block, patient()).state == ReadState::fault);
  CHECK(category_of([&] { source->start(Patience{}.within(50ms)); }) == Category::device);
  port.plug(std::make_shared<EmulatedChaosKey>(2));
  source->start(patient());
  CHECK(restarts_in(read_blocks(*source, 3)) == 0);
}

TEST_CASE("A device that is slow to wake is waited for") {
  Port port;
  const auto key = std::make_shared<EmulatedChaosKey>(1);
  key->settling = 300ms;
  port.plug(key);
  const auto source =
      open_usb_source(chaoskey_kind(), SourceUri::parse("usb:chaoskey?mode=cooked"), port.opener(), patient());
  const auto begin = Clock::now();
  source->start(patient());
  CHECK(restarts_in(read_blocks(*source, 3)) == 0);
  CHECK(Clock::now() - begin >= key->settling);
}
