// SPDX-License-Identifier: Apache-2.0
// Cables of every kind of device pulled and plugged at random instants of a stream. Each life of a device sends samples
// of its own: a block with bytes of two lives, or with a gap, does not check. scripts/campaign-cables pulls a thousand
// each.
#include <algorithm>
#include <catch2/catch.hpp>
#include <random>
#include <thread>

#include "driver/devices/devices.h"
#include "tests/driver/usb_bench_a.h"
#include "tests/emulated/ftdi_front.h"
#include "tests/emulated/infnoise/emulated_infnoise.h"
#include "tests/emulated/pty_device.h"
#include "tests/emulated/twins.h"

using namespace lightseed;
using namespace lightseed::tests;
using namespace lightseed::emulated;

namespace {

/// A busy machine may let a device answer late: the driver tries again for as long as it takes.
constexpr const char* long_wait = "?give_up_ms=20000";

/// A device at the end of a cable, one life after the other, and what its samples must be.
class Cable {
 public:
  virtual ~Cable() = default;
  virtual void plug(std::uint32_t life) = 0;
  virtual void unplug() = 0;
  virtual std::unique_ptr<Source> open(const DeviceKind& kind) = 0;
  /// Whether the block continues the life that is being read.
  virtual bool whole(std::span<const std::byte> block) { return checker_.feed(block); }
  /// The next block may be of another life.
  virtual void begin_anew() { checker_.restart(); }

 protected:
  Cable() = default;
  Cable(const Cable&) = default;
  Cable& operator=(const Cable&) = default;

  SequenceChecker checker_;
};

class UsbCable : public Cable {
 public:
  explicit UsbCable(const Twin& twin) : twin_(twin) {}
  void plug(std::uint32_t life) override {
    port_.clear_unplugged();
    port_.plug(model(life));
  }
  void unplug() override { port_.unplug(); }
  std::unique_ptr<Source> open(const DeviceKind& kind) override {
    // ChaosKey's raw samples count alike in every life; its cooked ones are a sequence.
    const std::string mode = kind.name == "chaoskey" ? "&mode=cooked" : "";
    return open_usb_source(kind, SourceUri::parse("usb:" + kind.name + long_wait + mode), port_.opener(), patient());
  }

 protected:
  virtual std::shared_ptr<UsbModel> model(std::uint32_t life) {
    return twin_.usb({.serial = twin_.default_serial, .speed = 8, .run = life});
  }
  [[nodiscard]] const Port& port() const noexcept { return port_; }

 private:
  const Twin& twin_;
  Port port_;
};

/// An Infinite Noise is read in rounds that it has clocked; which of them, the driver may choose.
class NoiseCable final : public UsbCable {
 public:
  using UsbCable::UsbCable;
  void plug(std::uint32_t life) override {
    UsbCable::plug(life);
    const std::lock_guard lock(mutex_);
    newest_.fake = port().fake();
  }
  bool whole(std::span<const std::byte> block) override {
    bool found = false;
    reading_.fake->with_model([&] { found = finder_.find(*reading_.device, block); });
    return found;
  }
  void begin_anew() override {
    const std::lock_guard lock(mutex_);
    reading_ = newest_;
    finder_ = {};
  }

 protected:
  std::shared_ptr<UsbModel> model(std::uint32_t life) override {
    const std::lock_guard lock(mutex_);
    newest_.device = std::make_shared<EmulatedInfNoise>(life);
    return std::make_shared<EmulatedFtdi>(newest_.device, EmulatedInfNoise::identity());
  }

 private:
  struct Life {
    std::shared_ptr<EmulatedInfNoise> device;
    std::shared_ptr<FakeUsbfs> fake;
  };
  std::mutex mutex_;
  Life newest_, reading_;
  RoundFinder finder_;
};

class SerialCable final : public Cable {
 public:
  explicit SerialCable(const Twin& twin) : twin_(twin) {}
  void plug(std::uint32_t life) override {
    auto model = twin_.serial({.serial = twin_.default_serial, .speed = 100, .run = life});
    auto pty = std::make_unique<PtyDevice>(*model);
    const std::lock_guard lock(mutex_);
    model_ = std::move(model);
    pty_ = std::move(pty);
  }
  void unplug() override {
    const std::lock_guard lock(mutex_);
    pty_.reset();
  }
  std::unique_ptr<Source> open(const DeviceKind& kind) override {
    return open_serial_source(
        kind, SourceUri::parse(std::string("tty:emulated") + long_wait),
        [this] {
          const std::lock_guard lock(mutex_);
          if (!pty_) throw DeviceFault(DeviceFault::Kind::gone, "nothing is plugged in");
          return serial_place(pty_->path());
        },
        patient());
  }

 private:
  const Twin& twin_;
  std::mutex mutex_;
  std::shared_ptr<SerialModel> model_;
  std::unique_ptr<PtyDevice> pty_;
};

std::unique_ptr<Cable> cable_of(const DeviceKind& kind) {
  const auto twin = std::find_if(twins().begin(), twins().end(), [&](const Twin& t) { return t.name == kind.name; });
  REQUIRE(twin != twins().end());
  if (kind.is_serial()) return std::make_unique<SerialCable>(*twin);
  if (kind.name == "infnoise") return std::make_unique<NoiseCable>(*twin);
  return std::make_unique<UsbCable>(*twin);
}

/// Reads until the device is back; demands that every block on the way is whole.
void read_until_back(Source& source, Cable& cable, std::span<std::byte> block) {
  for (unsigned reads = 0; reads < 1'000'000; ++reads) {
    const Read read = source.read(block, patient());
    INFO(read.detail);
    if (read.state == ReadState::restarted) {
      REQUIRE(read.bytes == 0);
      cable.begin_anew();
      return;
    }
    REQUIRE(read.state == ReadState::ok);
    REQUIRE(cable.whole(block));
  }
  FAIL("nobody has pulled the cable");
}

void pull(const DeviceKind& kind, unsigned cables, unsigned seed) {
  INFO(kind.name << ", seed " << seed);
  const auto cable = cable_of(kind);
  std::uint32_t life = 1;
  cable->plug(life);
  const auto source = cable->open(kind);
  source->start(patient());
  cable->begin_anew();
  std::mt19937 random(seed);
  std::vector<std::byte> block(2048);
  for (unsigned i = 0; i < cables; ++i) {
    INFO("cable " << i);
    const auto hold = std::chrono::microseconds(random() % 8000), away = std::chrono::microseconds(random() % 3000);
    std::jthread hand([&, hold, away] {
      std::this_thread::sleep_for(hold);
      cable->unplug();
      std::this_thread::sleep_for(away);
      cable->plug(++life);
    });
    read_until_back(*source, *cable, block);
  }
  Read last = source->read(block, patient());
  INFO(last.detail);
  CHECK(last.state == ReadState::ok);
  CHECK(cable->whole(block));
}

void pull_of_every_kind(unsigned cables, unsigned seed) {
  for (const DeviceKind& kind : device_kinds())
    if (!kind.matches.empty()) pull(kind, cables, seed);
}

}  // namespace

TEST_CASE("Whatever device's cable is pulled, it comes back and no block straddles the fault") {
  pull_of_every_kind(5, 21);
}

TEST_CASE("A hundred cables of every kind, at the instants of the seed", "[.long][cables]") {
  pull_of_every_kind(100, Catch::rngSeed());
}
