// SPDX-License-Identifier: Apache-2.0
#include "tests/emulated/twins.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <regex>

#include "driver/devices/devices.h"
#include "tests/driver/usb_bench_a.h"
#include "tests/emulated/pty_device.h"
#include "tests/test_paths.h"

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

TEST_CASE("Every twin says where in its maker's sources what it does is written") {
  // A file and a line in it: without them a twin and its driver could agree and both be wrong.
  const std::regex place(R"([a-z_A-Z0-9-]+\.(c|h|cpp|hpp|py):[0-9]+)");
  for (const Twin& twin : twins()) {
    std::string text;
    for (const auto& entry : std::filesystem::directory_iterator(std::filesystem::path(test::source_folder()) /
                                                                 "tests/emulated" / twin.name)) {
      std::ifstream file(entry.path());
      text.append(std::istreambuf_iterator<char>(file), {});
    }
    INFO(twin.name);
    CHECK(std::distance(std::sregex_iterator(text.begin(), text.end(), place), std::sregex_iterator()) >= 1);
  }
}

TEST_CASE("A twin behind a serial port has a USB side that its kind is recognised by, and that carries its bytes") {
  const auto host = [](UsbModel& device, Setup setup, const Bytes& data) {
    setup.length = static_cast<std::uint16_t>(data.size());
    return answer_control(device, setup, data, Clock::now());
  };
  for (const DeviceKind& kind : device_kinds()) {
    const Twin& twin = twin_of(kind);
    if (!twin.is_serial() || kind.matches.empty()) continue;
    INFO(kind.name);
    const auto device = twin.usb({.serial = twin.default_serial, .speed = 1e6, .run = 7});
    const Bytes all = device->descriptors();
    const auto u16 = [&](std::size_t i) {
      return static_cast<std::uint16_t>(std::to_integer<unsigned>(all[i]) | std::to_integer<unsigned>(all[i + 1])
                                                                                << 8U);
    };
    CHECK(std::any_of(kind.matches.begin(), kind.matches.end(), [&](const UsbMatch& match) {
      return match.fits(u16(8), u16(10), device->text(2).value_or(""), device->text(3).value_or(""));
    }));
    CHECK(says_emulated(device->text(2).value_or("")));
    CHECK(all.size() == 18U + u16(18 + 2));
    // What every host does before it reads: the rate, then DTR.
    CHECK(host(*device, {.type = 0x21, .request = 0x22, .value = 1}, {}));
    const Bytes coding{std::byte{0}, std::byte{0xC2}, std::byte{1}, std::byte{0},
                       std::byte{0}, std::byte{0},    std::byte{8}};
    CHECK(host(*device, {.type = 0x21, .request = 0x20}, coding));
    CHECK(answer_control(*device, {.type = 0xA1, .request = 0x21, .length = 7}, {}, Clock::now()) == coding);
    CHECK_FALSE(answer_control(*device, {.type = 0x21, .request = 0x77}, {}, Clock::now()));
  }
}

TEST_CASE("RAVA drops everything until a rate is set, and OneRNG sends only while DTR is held") {
  const auto find = [](const std::string& name) {
    return std::find_if(twins().begin(), twins().end(), [&](const Twin& twin) { return twin.name == name; });
  };
  Bytes room(64);
  const auto ping = [](UsbModel& device) {
    constexpr std::array<unsigned, 10> frame{0x21, 0x24, 1, 0, 0, 0, 0, 0, 0x5B, 0x0C};
    Bytes bytes;
    for (const unsigned value : frame)
      bytes.push_back(static_cast<std::byte>(value));
    return device.bulk_out(0x04, bytes, Clock::now()).result;
  };
  const auto rava = find("rava")->usb({.serial = "EMULATED01"});
  CHECK(ping(*rava) == Bulk::Result::done);
  CHECK(rava->bulk_in(0x83, room, Clock::now()).result == Bulk::Result::nak);
  Bytes coding(7);
  coding[1] = std::byte{1};
  CHECK(answer_control(*rava, {.type = 0x21, .request = 0x20, .length = 7}, coding, Clock::now()));
  CHECK(ping(*rava) == Bulk::Result::done);
  // It answers at its rate, and that begins with the first question.
  CHECK(rava->bulk_in(0x83, room, Clock::now()).result == Bulk::Result::nak);
  SteadyClock::move_on(1s);
  CHECK(rava->bulk_in(0x83, room, Clock::now()).bytes == 10);

  const auto onerng = find("onerng")->usb({});
  const auto all = std::as_bytes(std::span(std::string_view("cmd1\ncmdO\n")));
  CHECK(onerng->bulk_out(0x04, all, Clock::now()).result == Bulk::Result::done);
  CHECK(onerng->bulk_in(0x83, room, Clock::now()).result == Bulk::Result::nak);
  CHECK(answer_control(*onerng, {.type = 0x21, .request = 0x22, .value = 1}, {}, Clock::now()));
  CHECK(onerng->bulk_in(0x83, room, Clock::now()).bytes == 64);
}

TEST_CASE("A twin gives what its device gives in a second, and no more") {
  const auto [name, rate, question] = GENERATE(table<std::string, double, std::vector<unsigned>>(
      {{"truerng", 48'000, {}},
       // 512 bytes of each core, forty times; 60,000 bytes at once.
       {"rava", 17'000, {0x21, 0x24, 4, 0, 15, 0, 0, 4, 0, 2, 1, 0, 0xD9, 0x1C}},
       {"qcicada", 12'500, {4, 1, 0x60, 0xEA}}}));
  INFO(name);
  const auto twin = std::find_if(twins().begin(), twins().end(), [&, n = name](const Twin& t) { return t.name == n; });
  const auto model = twin->serial({.serial = twin->default_serial, .speed = 1});
  Bytes bytes;
  for (const unsigned value : question)
    bytes.push_back(static_cast<std::byte>(value));
  for (int i = 0; i < 40 && !bytes.empty(); ++i)
    model->receive(bytes, Clock::now());
  (void)model->send(64, Clock::now());
  std::size_t got = 0;
  const auto begin = Clock::now();
  while (Clock::now() - begin < 1s) {
    SteadyClock::move_on(1ms);
    // Until it has no more: on a busy machine more than a millisecond has passed.
    while (const std::size_t now = model->send(64, Clock::now()).size())
      got += now;
  }
  const double seconds = std::chrono::duration<double>(Clock::now() - begin).count();
  CHECK(static_cast<double>(got) <= 1.1 * rate * seconds);
  CHECK(static_cast<double>(got) >= 0.9 * rate);
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
