// SPDX-License-Identifier: Apache-2.0
#include <stdlib.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <iomanip>
#include <iterator>
#include <sstream>

#include "driver/devices/devices.h"
#include "driver/transport/usb_inventory.h"
#include "driver/usb/udev_rules.h"
#include "tests/driver/reading.h"
#include "tests/test_paths.h"

using namespace lightseed;
using namespace lightseed::tests;
namespace fs = std::filesystem;

namespace {

/// A /sys with a few devices in it.
class FakeSys {
 public:
  FakeSys() {
    std::string name = (fs::temp_directory_path() / "lightseed-sys-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) FAIL("no temporary directory");
    root_ = name;
  }
  ~FakeSys() { fs::remove_all(root_); }
  FakeSys(const FakeSys&) = delete;
  FakeSys& operator=(const FakeSys&) = delete;

  void put(const std::string& device, const std::string& attribute, const std::string& text) const {
    const fs::path path = root_ / "bus/usb/devices" / device / attribute;
    fs::create_directories(path.parent_path());
    std::ofstream(path) << text << "\n";
  }

  void plug(const std::string& name, const std::string& vendor, const std::string& product, const std::string& serial,
            const std::string& text = "QRNG") const {
    put(name, "idVendor", vendor);
    put(name, "idProduct", product);
    put(name, "busnum", "1");
    put(name, "devnum", "42");
    put(name, "product", text);
    if (!serial.empty()) put(name, "serial", serial);
  }

  void bind(const std::string& device, const std::string& interface, const std::string& driver) const {
    const fs::path directory = root_ / "bus/usb/devices" / device / interface;
    fs::create_directories(directory);
    fs::create_symlink("/sys/bus/usb/drivers/" + driver, directory / "driver");
  }

  [[nodiscard]] const fs::path& root() const { return root_; }

 private:
  fs::path root_;
};

}  // namespace

TEST_CASE("The inventory reads what the kernel knows, sorted by place") {
  FakeSys sys;
  sys.plug("2-1", "1209", "4884", "EMULATED01", "RAVA8 RNG ~");
  sys.put("2-1", "2-1:1.0/tty/ttyACM3/dev", "166:3");
  sys.bind("2-1", "2-1:1.0", "cdc_acm");
  sys.plug("1-1.2", "0aba", "0102", "Q1", "Quantis USB EMULATED ");
  sys.plug("1-4", "0403", "6001", "");
  sys.put("1-4", "1-4:1.0/ttyUSB0/dev", "188:0");
  sys.bind("1-4", "1-4:1.0", "ftdi_sio");
  const auto units = usb_inventory(sys.root(), "/dev");
  REQUIRE(units.size() == 3);
  CHECK(units[0].path == "1-1.2");
  CHECK(units[0].vendor == 0x0aba);
  CHECK(units[0].product_text == "Quantis USB EMULATED");
  CHECK(units[0].node == "/dev/bus/usb/001/042");
  CHECK(units[0].ttys.empty());
  CHECK(units[1].serial_text.empty());
  CHECK(units[1].ttys == std::vector<std::string>{"/dev/ttyUSB0"});
  CHECK(units[1].drivers == std::vector<std::string>{"ftdi_sio"});
  CHECK(units[2].ttys == std::vector<std::string>{"/dev/ttyACM3"});
}

TEST_CASE("Half-vanished, malformed and hostile entries do no harm") {
  FakeSys sys;
  sys.put("1-1", "idVendor", "0aba");  // the rest is gone already
  sys.plug("1-2", "zzzz", "0102", "");
  sys.plug("1-3", "0aba", "12345678", "");
  sys.plug("1-4", "", "0102", "");
  sys.plug("1-5", "0aba", "0102", std::string("a\x1b[31mb\x07") + std::string(2000, 'x'), "");
  const auto units = usb_inventory(sys.root(), "/dev");
  REQUIRE(units.size() == 1);
  CHECK(units[0].serial_text.starts_with("a?[31mb?xxx"));
  CHECK(units[0].serial_text.size() <= 512);
  CHECK(usb_inventory("/nonexistent", "/dev").empty());
}

TEST_CASE("A converter's stock numbers alone are no kind of device") {
  UsbUnit stock;
  for (const auto& [vendor, product] : std::vector<std::pair<std::uint16_t, std::uint16_t>>{
           {0x0403, 0x6001}, {0x0403, 0x6014}, {0x0403, 0x6015}, {0x0403, 0x6010}}) {
    stock.vendor = vendor;
    stock.product = product;
    stock.product_text = "FT232R USB UART";
    stock.serial_text = "A12345";
    for (const DeviceKind& kind : device_kinds())
      CHECK_FALSE(kind.fits(stock));
  }
}

TEST_CASE("The table of devices makes sense") {
  std::vector<std::string> names;
  for (const DeviceKind& kind : device_kinds()) {
    INFO(kind.name);
    CHECK_FALSE(kind.label.empty());
    CHECK(std::visit([](const auto& sessions) { return sessions != nullptr; }, kind.driven));
    CHECK(kind.name.find('/') == std::string::npos);
    names.push_back(kind.name);
    CHECK(fs::exists(fs::path(lightseed::test::source_folder()) / "driver/devices" / kind.name / "README.md"));
  }
  std::sort(names.begin(), names.end());
  CHECK(std::adjacent_find(names.begin(), names.end()) == names.end());
}

TEST_CASE("The udev rules name every device of the table, and only with its texts where numbers are ambiguous") {
  const std::string rules = udev_rules(device_kinds(), "plugdev");
  for (const DeviceKind& kind : device_kinds()) {
    for (const UsbMatch& match : kind.matches) {
      std::ostringstream numbers;
      numbers << std::hex << std::setfill('0') << "ATTRS{idVendor}==\"" << std::setw(4) << match.vendor
              << "\", ATTRS{idProduct}==\"" << std::setw(4) << match.product << "\"";
      INFO(kind.name);
      CHECK(rules.find(numbers.str()) != std::string::npos);
    }
  }
  std::istringstream lines(rules);
  for (std::string line; std::getline(lines, line);) {
    if (line.find("ATTRS{idVendor}==\"0403\"") == std::string::npos) continue;
    const bool own = line.find("\"7840\"") != std::string::npos;  // BitBabbler has a product number of its own
    CHECK((own || line.find("ATTRS{product}") != std::string::npos || line.find("ATTRS{serial}") != std::string::npos));
  }
  CHECK(rules.find("uaccess") != std::string::npos);
  CHECK(rules.find("ID_MM_DEVICE_IGNORE") != std::string::npos);
  CHECK(rules.find("ACTION==\"add\"") == std::string::npos);
}

TEST_CASE("The rules file in the tree is the one the table makes") {
  std::ifstream file(fs::path(lightseed::test::source_folder()) / "driver/usb/60-lightseed.rules");
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  CHECK(text == udev_rules(device_kinds(), "plugdev"));
}

TEST_CASE("The udev rules name a group that this system has, or none") {
  const auto group_among = [](const std::vector<std::string>& there) {
    return udev_group(
        [&](const std::string& name) { return std::find(there.begin(), there.end(), name) != there.end(); });
  };
  CHECK(group_among({"users", "dialout", "plugdev", "uucp"}) == "plugdev");
  CHECK(group_among({"dialout", "uucp"}) == "uucp");
  CHECK(group_among({"dialout"}) == "dialout");
  CHECK(group_among({"users"}).empty());
  const std::string arch = udev_rules(device_kinds(), "uucp"), none = udev_rules(device_kinds(), "");
  CHECK(arch.find("GROUP=\"uucp\"") != std::string::npos);
  CHECK(arch.find("plugdev") == std::string::npos);
  // Who sits at the machine has access all the same.
  CHECK(none.find("GROUP") == std::string::npos);
  std::istringstream lines(none);
  for (std::string line; std::getline(lines, line);) {
    if (line.find("ATTRS{idVendor}") == std::string::npos) continue;
    CHECK(line.find(", MODE=\"0660\", TAG+=\"uaccess\"") != std::string::npos);
  }
}

TEST_CASE("Asking for a device that is not there says so") {
  SourceRegistry registry;
  add_devices(registry);
  CHECK(category_of([&] { (void)registry.open("usb:quantis/NO-SUCH-SERIAL"); }) == Category::device);
  CHECK(category_of([&] { (void)registry.open("usb:no-such-kind"); }) == Category::usage);
}
