// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>
#include <filesystem>
#include <map>
#include <random>
#include <thread>

#include "driver/devices/devices.h"
#include "driver/registry.h"
#include "driver/transport/hotplug_watch.h"
#include "tests/driver/in_child.h"
#include "tests/driver/reading.h"
#include "tests/driver/usb_bench_a.h"
#include "tests/emulated/chaoskey/emulated_chaoskey.h"
#include "tests/emulated/quantis/emulated_quantis.h"
#include "tests/hotplug/mock_bus.h"

using namespace lightseed;
using namespace lightseed::tests;
using namespace lightseed::emulated;

namespace {

const MockBus::Identity quantis{"0aba", "0102", "Quantis USB EMULATED", "EMU0001", ""};

SourceRegistry registry() {
  SourceRegistry registry;
  add_devices(registry);
  return registry;
}

std::shared_ptr<UsbModel> emulated_quantis(std::uint32_t run, double bytes_per_second = 4e6) {
  return std::make_shared<EmulatedQuantis>(EmulatedQuantis::Options{.bytes_per_second = bytes_per_second, .run = run});
}

/// Our open descriptors. Sockets are left out: the mock's side of every opened node is one, in this process too, and it
/// closes them when it gets round to it.
std::size_t own_descriptors() {
  std::size_t count = 0;
  for (const auto& entry : std::filesystem::directory_iterator("/proc/self/fd")) {
    std::error_code gone;
    if (!std::filesystem::read_symlink(entry.path(), gone).string().starts_with("socket:")) ++count;
  }
  return count;
}

/// Unplugs and plugs at random instants of a stream. Each life sends a sequence of its own run.
void replug(unsigned cycles, unsigned seed) {
  MockBus bus;
  std::uint32_t run = 1;
  bus.plug("1-4", quantis, emulated_quantis(run++));
  const auto source = registry().open("usb:quantis/EMU0001");
  source->start(patient());
  std::mt19937 random(seed);
  std::vector<std::byte> block(8192);
  SequenceChecker checker;
  unsigned restarts = 0;
  std::size_t fds = 0, threads = 0;
  for (unsigned cycle = 0; cycle < cycles; ++cycle) {
    const auto hold = std::chrono::microseconds(random() % 6000), away = std::chrono::microseconds(random() % 3000);
    std::jthread hand([&, hold, away] {
      std::this_thread::sleep_for(hold);
      bus.unplug("1-4");
      std::this_thread::sleep_for(away);
      bus.plug("1-4", quantis, emulated_quantis(run++));
    });
    while (true) {
      const Read read = source->read(block, Patience{}.within(3s));
      INFO("cycle " << cycle << ": " << read.detail);
      if (read.state == ReadState::restarted) {
        ++restarts;
        checker.restart();
        break;
      }
      REQUIRE(read.state == ReadState::ok);
      REQUIRE(checker.feed(block));
    }
    hand.join();
    if (cycle == 5) {
      fds = own_descriptors();
      threads = own_count("task");
    }
  }
  CHECK(restarts == cycles);
  CHECK(source->read(block, patient()).state == ReadState::ok);
  CHECK(own_descriptors() <= fds);
  CHECK(own_count("task") <= threads);
}

}  // namespace

TEST_CASE("What is plugged in is listed without opening it, with what can be done about it") {
  MockBus bus;
  const auto first = std::make_shared<EmulatedQuantis>(EmulatedQuantis::Options{});
  bus.plug("1-1", quantis, first);
  bus.plug("1-2", {"0aba", "0102", "Quantis USB", "Q2", ""}, nullptr);
  bus.plug("1-3", {"0403", "6014", "PureQuantum", "QWR70001", ""}, nullptr);
  bus.plug("1-5", {"1d50", "60c6", "ChaosKey", "", ""}, nullptr);
  bus.plug("1-6", {"1209", "4884", "RAVA8 RNG ~", "0123456789", "ttyACM0"}, nullptr);
  bus.plug("1-7", {"1d50", "6086", "OneRNG", "", ""}, nullptr);
  bus.plug("1-8", {"0403", "6001", "FT232R USB UART", "A50285BI", ""}, nullptr);  // somebody's converter
  std::map<std::string, Listing> found;
  for (Listing& listing : registry().list())
    if (!listing.uri.starts_with("dev:")) found[listing.uri] = std::move(listing);  // this machine's own
  REQUIRE(found.size() == 6);
  CHECK(found.at("usb:quantis/EMU0001").description.find("emulated") != std::string::npos);
  CHECK(found.at("usb:quantis/EMU0001").state == "ready");
  CHECK(found.at("usb:quantis/Q2").state == "ready");
  CHECK(found.at("usb:comscire/QWR70001").state == "ready");
  CHECK(found.at("usb:chaoskey/@1-5").description.find("1-5") != std::string::npos);
  CHECK(found.at("usb:rava/0123456789").state == "ready");
  CHECK(found.at("usb:onerng/@1-7").state.find("no serial port") != std::string::npos);

  // Six devices of five kinds, and the command says the same.
  const Json json = Json::parse(output_of(LIGHTSEED_COMMAND, {"devices", "--json"}));
  std::size_t usb = 0;
  for (const Json& device : json.at("devices")) {
    const auto uri = device.at("uri").get<std::string>();
    if (!uri.starts_with("usb:") || uri == "usb:*") continue;
    ++usb;
    REQUIRE(found.count(uri) == 1);
    CHECK(device.at("state") == found.at(uri).state);
    CHECK(device.at("description") == found.at(uri).description);
  }
  CHECK(usb == 6);
  CHECK(first->requests() == 0);
}

TEST_CASE("Devices with the same serial number are listed by their places") {
  MockBus bus;
  bus.plug("1-1", {"0aba", "0102", "Quantis USB EMULATED", "00", ""}, emulated_quantis(1));
  CHECK(registry().list().front().uri == "usb:quantis/00");
  bus.plug("1-2", {"0aba", "0102", "Quantis USB EMULATED", "00", ""}, emulated_quantis(2));
  std::vector<std::string> uris;
  for (const Listing& listing : registry().list())
    if (listing.uri.starts_with("usb:quantis")) uris.push_back(listing.uri);
  CHECK(uris == std::vector<std::string>{"usb:quantis/@1-1", "usb:quantis/@1-2"});
  try {
    (void)registry().open("usb:quantis/00");
    FAIL("one of two was chosen");
  } catch (const Error& error) {
    CHECK(std::string(error.what()).find("usb:quantis/@1-2") != std::string::npos);
  }
}

TEST_CASE("A serial port that belongs to no known device is listed, without a word about what is behind it") {
  MockBus bus;
  bus.plug("1-8", {"0403", "6001", "FT232R USB UART", "A50285BI", "ttyUSB0"}, nullptr);
  const auto listings = registry().list();
  REQUIRE_FALSE(listings.empty());
  CHECK(listings.front().uri == "tty:/dev/ttyUSB0");
  CHECK(listings.front().description.find("0403:6001") != std::string::npos);
}

TEST_CASE("Who may not open a device is told of the rule in the list") {
  MockBus bus;
  const auto device = std::make_shared<EmulatedQuantis>(EmulatedQuantis::Options{});
  bus.plug("1-1", quantis, device);
  bus.set_node_mode("1-1", 0600);
  const std::string listed = as_nobody([] { return registry().list().front().state; });
  CHECK(listed == "no permission; install Lightseed's udev rules");
  CHECK(device->requests() == 0);
  bus.set_node_mode("1-1", 0666);
  CHECK(as_nobody([] { return registry().list().front().state; }) == "ready");
}

TEST_CASE("A device is opened by its serial number, by its place, or alone of its kind") {
  MockBus bus;
  bus.plug("1-1", quantis, emulated_quantis(1));
  const auto alone = registry().open("usb:quantis");
  CHECK(alone->info().uri == "usb:quantis/EMU0001");
  bus.plug("1-2", {"0aba", "0102", "Quantis USB EMULATED", "EMU0002", ""},
           std::make_shared<EmulatedQuantis>(EmulatedQuantis::Options{.serial = "EMU0002"}));
  CHECK(registry().open("usb:quantis/EMU0002")->info().serial == "EMU0002");
  CHECK(registry().open("usb:quantis/@1-2")->info().serial == "EMU0002");
  CHECK(category_of([] { (void)registry().open("usb:quantis"); }) == Category::usage);
  CHECK(category_of([] { (void)registry().open("usb:quantis/@9-9"); }) == Category::device);
}

TEST_CASE("A stream over the bus is whole") {
  MockBus bus;
  bus.plug("1-1", quantis, emulated_quantis(1, 0));
  const auto source = registry().open("usb:quantis");
  source->start(patient());
  CHECK(restarts_in(read_blocks(*source, 500)) == 0);
}

TEST_CASE("A plugging wakes whoever waits for it") {
  MockBus bus;
  HotplugWatch watch;
  std::jthread hand([&] {
    std::this_thread::sleep_for(20ms);
    bus.plug("1-1", quantis, emulated_quantis(1));
  });
  const auto begin = Clock::now();
  while (usb_inventory().empty() && Clock::now() - begin < 10s)
    watch.wait(patient());
  CHECK(usb_inventory().size() == 1);
}

TEST_CASE("Unplugged and plugged again at random instants, at another address each time", "[cables]") {
  // umockdev keeps a table of 50 descriptors and forgets some closings: few cycles a process, several processes
  // (seeds).
  replug(20, Catch::rngSeed());
}
