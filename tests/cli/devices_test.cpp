// SPDX-License-Identifier: Apache-2.0
// What `devices` says to people of every kind of device, which is emulated here.
#include <algorithm>
#include <catch2/catch.hpp>
#include <regex>
#include <sstream>

#include "driver/devices/devices.h"
#include "driver/usb/device_source.h"
#include "driver/usb/udev_rules.h"
#include "tests/cli/run_captured.h"
#include "tests/driver/usb_bench_a.h"
#include "tests/emulated/pty_device.h"
#include "tests/emulated/twins.h"

using namespace lightseed;
using namespace lightseed::test;
using namespace lightseed::emulated;
using namespace std::chrono_literals;
using Catch::Contains;

namespace {

const Twin& twin_of(const DeviceKind& kind) {
  const auto it =
      std::find_if(twins().begin(), twins().end(), [&](const Twin& twin) { return twin.name == kind.name; });
  REQUIRE(it != twins().end());
  return *it;
}

/// One emulated device, and a registry with nothing else in it.
class Bench {
 public:
  explicit Bench(const DeviceKind& kind) : kind_(kind) {
    const Twin& twin = twin_of(kind);
    // Noise as it passes health tests, at a rate that any machine keeps.
    const TwinOptions options{
        .serial = kind.name == "comscire" ? "QWR4A001" : twin.default_serial, .speed = 1, .run = noise_run(3)};
    if (twin.is_serial()) {
      model_ = twin.serial(options);
      pty_ = std::make_unique<PtyDevice>(*model_);
    } else {
      port_.plug(twin.usb(options));
    }
  }

  /// ChaosKey's emulated converter counts; its cooked bytes are noise.
  [[nodiscard]] std::string uri() const {
    return "twin:" + kind_.name + (kind_.name == "chaoskey" ? "?mode=cooked" : "");
  }

  [[nodiscard]] Captured run(const std::string& option, cli::Console::Settings settings = {}) {
    SourceRegistry sources;
    sources.add({.name = "twin:" + kind_.name,
                 .summary = "an emulated device",
                 .list = [] { return std::vector<Listing>{}; },
                 .open = [this](SourceUri uri) -> std::unique_ptr<Source> {
                   if (!pty_) return open_usb_source(kind_, std::move(uri), port_.opener(), tests::patient());
                   return open_serial_source(
                       kind_, std::move(uri), [this] { return serial_place(pty_->path()); }, tests::patient());
                 }});
    return run_captured_with(sources, {"devices", option, uri()}, std::move(settings));
  }

  void unplug() {
    port_.unplug();
    if (pty_) pty_->unplug();
  }

 private:
  DeviceKind kind_;
  tests::Port port_;
  std::shared_ptr<SerialModel> model_;
  std::unique_ptr<PtyDevice> pty_;
};

/// What a device tells of itself besides, where it tells anything.
std::string readings_of(const std::string& kind) {
  if (kind == "rava") return "; continuous_test_errors 0; temperature_adc 302";
  if (kind == "qcicada") return "; bits_per_second 100000";
  if (kind == "infnoise") return "; gain 1.8";
  if (kind == "quantis") return "; module_status 1";
  return "";
}

/// Looks at a clock that a reader moves on by what he sees: three seconds are over sooner.
cli::Console::Settings impatient() {
  return {.err_is_terminal = true, .now = [] {
            SteadyClock::move_on(100ms);
            return SteadyClock::now();
          }};
}

}  // namespace

TEST_CASE("devices --info tells people of every kind of device in lines, and nobody has to read JSON") {
  for (const DeviceKind& kind : device_kinds()) {
    Bench bench(kind);
    INFO(kind.name);
    const Captured info = bench.run("--info");
    CHECK(info.code == 0);
    CHECK_THAT(info.out, Contains("provenance           simulated\n") && Contains("driver               ") &&
                             Contains("bits_per_sample    ") && !Contains("{") && !Contains("\"") && !Contains("null"));
    std::istringstream lines(info.out);
    for (std::string line; std::getline(lines, line);) {
      INFO(line);
      // A long word, such as a key, is not torn.
      CHECK((line.size() <= 84 || line.find(' ', 21) == std::string::npos));
    }
  }
}

TEST_CASE("devices --check says of every kind of device in one line how it is") {
  for (const DeviceKind& kind : device_kinds()) {
    Bench bench(kind);
    INFO(kind.name);
    const Captured check = bench.run("--check", impatient());
    INFO(check.out << check.err);
    // A machine that is busy with other things may find a device slow; nothing else is to be found.
    const std::regex line(R"([^ \n]+: (well|slow): [^;\n]+; [0-9]+ samples a second; simulated(; [^;\n]+)*\n)");
    CHECK(std::regex_match(check.out, line));
    CHECK(check.code == (check.out.find(": well: ") != std::string::npos ? 0 : 1));
    CHECK_THAT(check.out, Contains(readings_of(kind.name)));
  }
}

TEST_CASE("devices --check of a device that is not there any more ends with its words and exit code 3") {
  for (const DeviceKind& kind : device_kinds()) {
    Bench bench(kind);
    bench.unplug();
    INFO(kind.name);
    const Captured check = bench.run("--check");
    CHECK(check.code == 3);
    CHECK(check.out.empty());
    CHECK_FALSE(check.err.empty());
  }
}

TEST_CASE("devices --udev-rules names a group that this system has") {
  CHECK(run_captured({"devices", "--udev-rules"}).out == udev_rules(device_kinds(), udev_group()));
  CHECK(Json::parse(run_captured({"devices", "--udev-rules", "--json"}).out).at("udev_rules") ==
        udev_rules(device_kinds(), udev_group()));
}
