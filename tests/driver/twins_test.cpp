// SPDX-License-Identifier: Apache-2.0
#include "tests/emulated/twins.h"

#include <algorithm>
#include <catch2/catch.hpp>

#include "driver/devices/devices.h"
#include "tests/driver/usb_bench_a.h"
#include "tests/emulated/pty_device.h"

using namespace lightseed;
using namespace lightseed::tests;
using namespace lightseed::emulated;

namespace {

const Twin& twin_of(const DeviceKind& kind) {
  const auto it =
      std::find_if(twins().begin(), twins().end(), [&](const Twin& twin) { return twin.name == kind.name; });
  INFO(kind.name << " has no emulated twin in tests/emulated/twins.cpp");
  REQUIRE(it != twins().end());
  return *it;
}

/// Not the same samples twice, as health tests would say.
void check_noise(Source& source) {
  source.start(patient());
  std::vector<std::byte> block(4096);
  REQUIRE(source.read(block, patient()).bytes == block.size());
  std::array<unsigned, 256> counts{};
  for (std::size_t i = 0; i < block.size(); ++i)
    ++counts[std::to_integer<std::size_t>(block[i])];
  CHECK(*std::max_element(counts.begin(), counts.end()) < 1024);
}

}  // namespace

TEST_CASE("Every kind of device has an emulated twin that its driver reads, and that is never hardware") {
  CHECK(twins().size() == device_kinds().size());
  for (const DeviceKind& kind : device_kinds()) {
    const Twin& twin = twin_of(kind);
    INFO(kind.name);
    REQUIRE(twin.is_serial() == kind.is_serial());
    const TwinOptions options{.serial = twin.default_serial, .run = noise_run(3)};
    if (!twin.is_serial()) {
      Port port;
      port.plug(twin.usb(options));
      const auto source = open_usb_source(kind, SourceUri::parse("usb:" + kind.name), port.opener(), patient());
      CHECK(source->info().provenance == Provenance::simulated);
      if (!twin.default_serial.empty()) CHECK(source->info().serial == twin.default_serial);
      check_noise(*source);
    } else {
      const auto model = twin.serial(options);
      PtyDevice pty(*model);
      const auto source = open_serial_source(
          kind, SourceUri::parse("tty:" + pty.path()), [&] { return serial_place(pty.path()); }, patient());
      CHECK(source->info().provenance == Provenance::simulated);
      if (!twin.default_serial.empty()) CHECK(source->info().serial == twin.default_serial);
      check_noise(*source);
    }
  }
}

TEST_CASE("Noise is the same for the same seed and another for another, and passes for noise") {
  Bytes a(65536), b(65536), c(65536);
  Sequence(noise_run(1)).fill(a);
  Sequence again(noise_run(1));
  again.fill(std::span(b).first(13));
  again.fill(std::span(b).subspan(13));
  Sequence(noise_run(2)).fill(c);
  CHECK(a == b);
  CHECK(a != c);
  std::array<int, 256> counts{};
  for (const std::byte byte : a)
    ++counts[std::to_integer<std::size_t>(byte)];
  // 256 each, give or take five standard deviations.
  CHECK(*std::min_element(counts.begin(), counts.end()) > 256 - 80);
  CHECK(*std::max_element(counts.begin(), counts.end()) < 256 + 80);
}

TEST_CASE("A port is opened by the name of its driver, also of one that no USB number gives away") {
  const auto model = twin_of(*std::find_if(device_kinds().begin(), device_kinds().end(), [](const DeviceKind& kind) {
                       return kind.name == "qcicada";
                     })).serial({});
  PtyDevice pty(*model);
  SourceRegistry registry;
  add_devices(registry);
  CHECK(registry.open("tty:" + pty.path() + "?driver=qcicada")->info().model.starts_with("Crypta Labs"));
  CHECK(category_of([&] { (void)registry.open("usb:qcicada"); }) == Category::usage);
}
