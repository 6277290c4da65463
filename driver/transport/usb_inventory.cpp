// SPDX-License-Identifier: Apache-2.0
#include "driver/transport/usb_inventory.h"

#include <dirent.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdio>
#include <memory>
#include <optional>

#include "driver/transport/usb_device.h"

namespace lightseed {
namespace {

std::vector<std::string> names_in(const std::string& directory) {
  struct Close {
    void operator()(DIR* dir) const noexcept { ::closedir(dir); }
  };
  std::vector<std::string> names;
  const std::unique_ptr<DIR, Close> dir(::opendir(directory.c_str()));
  if (!dir) return names;
  while (const dirent* entry = ::readdir(dir.get())) {
    if (entry->d_name[0] != '.') names.emplace_back(entry->d_name);
  }
  std::sort(names.begin(), names.end());
  return names;
}

/// An attribute's first line, without control characters: strings come from the device.
std::string attribute(const std::string& directory, const char* name) {
  struct Close {
    void operator()(std::FILE* file) const noexcept { std::fclose(file); }
  };
  const std::unique_ptr<std::FILE, Close> file(std::fopen((directory + "/" + name).c_str(), "re"));
  if (!file) return {};
  std::array<char, 512> line{};
  std::string text(line.data(), std::fread(line.data(), 1, line.size(), file.get()));
  text.resize(std::min(text.find('\n'), text.size()));
  for (char& c : text)
    if (c < 0x20 || c == 0x7F) c = '?';
  while (text.ends_with(' '))
    text.pop_back();
  return text;
}

std::optional<unsigned> number(const std::string& text, int base) {
  unsigned value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
  if (text.empty() || error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::string link_name(const std::string& path) {
  std::array<char, 512> target{};
  const ssize_t size = ::readlink(path.c_str(), target.data(), target.size());
  const std::string text(target.data(), size > 0 ? static_cast<std::size_t>(size) : 0);
  return text.substr(text.rfind('/') + 1);
}

/// Serial ports and drivers of one interface directory.
void add_interface(const std::string& directory, const std::string& dev, UsbUnit& unit) {
  if (std::string driver = link_name(directory + "/driver"); !driver.empty() && driver != "usbfs") {
    unit.drivers.push_back(std::move(driver));
  }
  // cdc_acm puts ports under tty/, the converters (ftdi_sio, …) under ttyUSB<n>/.
  for (const std::string& name : names_in(directory + "/tty"))
    unit.ttys.push_back(dev + "/" + name);
  for (const std::string& name : names_in(directory)) {
    if (name.starts_with("ttyUSB")) unit.ttys.push_back(dev + "/" + name);
  }
}

}  // namespace

std::vector<UsbUnit> usb_inventory(const std::filesystem::path& sysfs, const std::filesystem::path& dev) {
  const std::string devices = (sysfs / "bus/usb/devices").string();
  std::vector<UsbUnit> units;
  for (const std::string& name : names_in(devices)) {
    if (name.find(':') != std::string::npos) continue;  // an interface
    const std::string directory = devices + "/" + name;
    const auto vendor = number(attribute(directory, "idVendor"), 16);
    const auto product = number(attribute(directory, "idProduct"), 16);
    const auto bus = number(attribute(directory, "busnum"), 10);
    const auto address = number(attribute(directory, "devnum"), 10);
    // It may vanish while we read; what cannot be addressed cannot be used.
    if (!vendor || *vendor > 0xFFFF || !product || *product > 0xFFFF || !bus || !address) continue;
    UsbUnit unit;
    unit.bus = *bus;
    unit.address = *address;
    unit.path = name;
    unit.vendor = static_cast<std::uint16_t>(*vendor);
    unit.product = static_cast<std::uint16_t>(*product);
    unit.manufacturer_text = attribute(directory, "manufacturer");
    unit.product_text = attribute(directory, "product");
    unit.serial_text = attribute(directory, "serial");
    unit.node = fmt::format("{}/bus/usb/{:03}/{:03}", dev.string(), *bus, *address);
    for (const std::string& child : names_in(directory)) {
      if (child.starts_with(name + ":")) add_interface(directory + "/" + child, dev.string(), unit);
    }
    units.push_back(std::move(unit));
  }
  return units;
}

std::string holders_of(const std::string& node) {
  std::string holders;
  for (const std::string& pid : names_in("/proc")) {
    if (!number(pid, 10) || pid == std::to_string(::getpid())) continue;
    const std::string process = "/proc/" + pid;
    for (const std::string& fd : names_in(process + "/fd")) {
      std::array<char, 512> target{};
      const ssize_t size = ::readlink((process + "/fd/" + fd).c_str(), target.data(), target.size());
      if (size <= 0 || std::string_view(target.data(), static_cast<std::size_t>(size)) != node) continue;
      holders += fmt::format("{}{} (pid {})", holders.empty() ? "" : ", ", attribute(process, "comm"), pid);
      break;
    }
  }
  return holders;
}

std::string node_state(const std::string& node, int rights) {
  if (::access(node.c_str(), F_OK) != 0) return fmt::format("no node {}", node);
  if (::access(node.c_str(), rights) != 0) {
    return "no permission; install Lightseed's udev rules";
  }
  if (const std::string holders = holders_of(node); !holders.empty()) return fmt::format("busy: held by {}", holders);
  return "ready";
}

}  // namespace lightseed
