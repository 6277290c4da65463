// SPDX-License-Identifier: Apache-2.0
#include "driver/transport/hardware_proof.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <thread>

#include "driver/registry.h"
#include "driver/transport/serial_port.h"
#include "driver/transport/unit_change.h"
#include "tests/driver/proof_seam.h"
#include "tests/driver/reading.h"
#include "tests/emulated/pty_device.h"
#include "tests/scratch.h"

using namespace lightseed;
using namespace lightseed::tests;
using namespace lightseed::emulated;
namespace fs = std::filesystem;

namespace {

/// Sends a byte for ever.
class Chatter final : public SerialModel {
 public:
  void receive(std::span<const std::byte>, Clock::time_point) override {}
  Bytes send(std::size_t room, Clock::time_point) override { return Bytes(std::min<std::size_t>(room, 512)); }
};

SourceRegistry registry() {
  SourceRegistry registry;
  add_devices(registry);
  return registry;
}

/// What is proved of a path's descriptor; nothing where it cannot be opened.
std::optional<HardwareProof> proof_of(const std::string& path) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
  if (fd < 0) return std::nullopt;
  const HardwareProof proof = proof_by_sysfs(fd);
  ::close(fd);
  return proof;
}

}  // namespace

TEST_CASE("Only places on a bus of the machine are hardware") {
  const auto [place, proved, usb_path] = GENERATE(table<std::string, bool, std::string>({
      {"../../devices/pci0000:00/0000:00:14.0/usb1/1-2/1-2:1.0/tty/ttyACM0", true, "1-2"},
      {"../../devices/pci0000:00/0000:00:14.0/usb1/1-1/1-1.4/1-1.4:1.0/ttyUSB0/tty/ttyUSB0", true, "1-1.4"},
      {"../../devices/pci0000:00/0000:00:14.0/usb3/3-7", true, "3-7"},
      {"../../devices/platform/soc/fe980000.usb/usb1/1-1", true, "1-1"},
      {"../../devices/pnp0/00:00/00:00:0/00:00:0.0/tty/ttyS0", true, ""},
      {"../../devices/platform/serial8250/tty/ttyS1", true, ""},
      {"../../devices/pci0000:00/0000:00:14.0/usb1", false, ""},
      {"../../devices/platform/vhci_hcd.0/usb3/3-1", false, ""},
      {"../../devices/platform/vhci_hcd.0/usb3/3-1/3-1:1.0/tty/ttyACM0", false, ""},
      {"../../devices/platform/dummy_hcd.0/usb5/5-1", false, ""},
      {"../../devices/platform/dummy_udc.0/gadget/gadget.0/tty/ttyGS0", false, ""},
      {"../../devices/virtual/tty/tty0", false, ""},
      {"../../devices/virtual/tty/ttyGS0", false, ""},
      {"../../devices/virtual/misc/hw_random", false, ""},
      {"../../devices/pci0000:00/0000:00:03.0/virtio0/virtio-ports/vport0p1", false, ""},
      {"../../devices/pci0000:00/0000:00:03.0/0000:01:00.0/nvme/nvme0", false, ""},
      {"../../devices/LNXSYSTM:00/LNXSYBUS:00/VMBUS:00/vmbus_0_1/tty/ttyS0", false, ""},
      {"../../devices/vusb-0/usb2/2-1", false, ""},
      {"../../devices/software/1-1", false, ""},
      {"../../devices", false, ""},
      {"/etc/passwd", false, ""},
      {"", false, ""},
  }));
  INFO(place);
  const HardwareProof proof = judge_place(place);
  CHECK(proof.proved == proved);
  CHECK(proof.usb_path == usb_path);
  CHECK_FALSE(proof.words.empty());
}

TEST_CASE("No descriptor that a program can make is hardware") {
  const test::Scratch scratch;
  Chatter chatter;
  PtyDevice pty(chatter);
  std::ofstream(scratch / "file") << "bytes";
  REQUIRE(::mkfifo((scratch / "fifo").c_str(), 0600) == 0);
  fs::create_symlink(pty.path(), scratch / "link");
  std::vector<std::string> paths{pty.path(),     scratch / "link", scratch / "file", scratch / "fifo", scratch.path(),
                                 "/dev/null",    "/dev/zero",      "/dev/urandom",   "/dev/ptmx",      "/dev/tty",
                                 "/dev/console", "/dev/tty0",      "/dev/tty1",      "/dev/hwrng"};
  unsigned opened = 0;
  for (const std::string& path : paths) {
    const auto proof = proof_of(path);
    if (!proof) continue;
    ++opened;
    INFO(path << ": " << proof->words);
    CHECK_FALSE(proof->proved);
  }
  CHECK(opened >= 8);
  CHECK_FALSE(proof_by_sysfs(-1).proved);
}

TEST_CASE("Consoles and the process's own terminal are refused as serial ports") {
  for (const char* path : {"/dev/ptmx", "/dev/tty", "/dev/tty0", "/dev/tty1", "/dev/console"}) {
    const int fd = ::open(path, O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
    if (fd < 0) continue;  // this machine has none, or this process no terminal
    ::close(fd);
    INFO(path);
    CHECK(category_of([&] { (void)SerialPort::open(path, 9600); }) == Category::usage);
    CHECK(category_of([&] { (void)registry().open(std::string("tty:") + path + "?entropy=6"); }) == Category::usage);
  }
}

TEST_CASE("A symbolic link that flips between a file and a pseudo-terminal never yields hardware") {
  const test::Scratch scratch;
  Chatter chatter;
  PtyDevice pty(chatter);
  std::ofstream(scratch / "file") << "no terminal";
  const std::string link = scratch / "link", other = scratch / "other";
  fs::create_symlink(pty.path(), link);
  std::atomic<bool> stop{false};
  std::jthread flipper([&] {
    for (bool file = true; !stop; file = !file) {
      fs::create_symlink(file ? (scratch / "file").string() : pty.path(), other);
      fs::rename(other, link);
    }
  });
  unsigned simulated = 0, refused = 0;
  for (int i = 0; i < 60 || (simulated == 0 && i < 2000); ++i) {
    try {
      const auto source = registry().open("tty:" + link + "?entropy=6");
      REQUIRE(source->info().provenance == Provenance::simulated);
      ++simulated;
    } catch (const Error&) {
      ++refused;
    }
  }
  stop = true;
  flipper.join();
  CHECK(simulated > 0);
}

TEST_CASE("A plain port is recorded at best, even where the port itself is hardware") {
  Chatter chatter;
  PtyDevice pty(chatter);
  const ProofBy proof(believe_all);
  CHECK(registry().open("tty:" + pty.path())->info().provenance == Provenance::recorded);
  // A kind that is recognised by its USB numbers is that kind only behind them.
  CHECK(registry().open("tty:" + pty.path() + "?driver=truerng")->info().provenance == Provenance::recorded);
}

TEST_CASE("What a device says of itself is compared member by member") {
  SourceInfo first;
  first.uri = "usb:quantis/Q1";
  first.driver = "usb:quantis";
  first.serial = "Q1";
  first.firmware = "1.0";
  first.provenance = Provenance::hardware;
  first.claim.bits_per_sample = 6;
  first.parameters = {{"usb", {{"node", "/dev/bus/usb/001/002"}, {"product", "Quantis"}}},
                      {"port", "/dev/ttyACM0"},
                      {"proof", {{"words", "USB device 1-1"}}},
                      {"qcc", {{"identity", {{"public_key", "aa"}, {"signed_read", "1"}}}}}};
  SourceInfo now = first;
  now.parameters["usb"]["node"] = "/dev/bus/usb/001/003";
  now.parameters["port"] = "/dev/ttyACM1";
  now.parameters["proof"]["words"] = "USB device 2-1";
  now.parameters["qcc"]["identity"]["signed_read"] = "2";
  CHECK_FALSE(change_between(first, now));

  const auto [member, spoil] = GENERATE(table<std::string, void (*)(SourceInfo&)>({
      {"provenance", [](SourceInfo& info) { info.provenance = Provenance::simulated; }},
      {"driver", [](SourceInfo& info) { info.driver = "usb:other"; }},
      {"serial number", [](SourceInfo& info) { info.serial = "Q2"; }},
      {"firmware", [](SourceInfo& info) { info.firmware = "EMULATED 9"; }},
      {"model", [](SourceInfo& info) { info.model = "another"; }},
      {"name", [](SourceInfo& info) { info.uri = "usb:quantis/Q2"; }},
      {"sample format", [](SourceInfo& info) { info.format = {12, 16}; }},
      {"claim", [](SourceInfo& info) { info.claim.bits_per_sample = 0.1; }},
      {"rate", [](SourceInfo& info) { info.nominal_rate = 1; }},
      {"parameter", [](SourceInfo& info) { info.parameters["usb"]["product"] = "Quantis EMULATED"; }},
      {"parameter", [](SourceInfo& info) { info.parameters["qcc"]["identity"]["public_key"] = "bb"; }},
  }));
  INFO(member);
  spoil(now);
  const auto change = change_between(first, now);
  REQUIRE(change);
  CHECK(change->starts_with("its " + member + " "));
}
