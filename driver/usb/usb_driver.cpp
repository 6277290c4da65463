// SPDX-License-Identifier: Apache-2.0
#include "driver/usb/usb_driver.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <utility>

#include "core/error.h"
#include "driver/usb/device_source.h"

namespace lightseed {
namespace {

using Kind = DeviceFault::Kind;

/// Which one of several: by serial number, or by "@" and the place on the bus. Never by index, which changes.
struct Selector {
  std::string serial, path;

  explicit Selector(const std::string& uri_path) {
    const auto slash = uri_path.find('/');
    if (slash == std::string::npos) return;
    const std::string text = uri_path.substr(slash + 1);
    if (text.starts_with('@')) {
      path = text.substr(1);
    } else {
      serial = text;
    }
  }

  [[nodiscard]] bool fits(const UsbUnit& unit) const {
    return (serial.empty() || unit.serial_text == serial) && (path.empty() || unit.path == path);
  }
};

std::vector<UsbUnit> units_of(const DeviceKind& kind) {
  std::vector<UsbUnit> units = usb_inventory();
  std::erase_if(units, [&](const UsbUnit& unit) { return !kind.fits(unit); });
  return units;
}

/// How to name one of `units`: by serial number where it has one of its own, by place where several have the same.
std::string uri_of(const DeviceKind& kind, const UsbUnit& unit, const std::vector<UsbUnit>& units) {
  const std::string& serial = unit.serial_text;
  const auto same =
      std::count_if(units.begin(), units.end(), [&](const UsbUnit& other) { return other.serial_text == serial; });
  if (serial.empty() || serial.starts_with('@') || same > 1) return fmt::format("usb:{}/@{}", kind.name, unit.path);
  return fmt::format("usb:{}/{}", kind.name, SourceUri::encoded(serial));
}

/// The one unit a selector means. Throws DeviceFault(gone) for none, Error(usage) for several.
UsbUnit find(const DeviceKind& kind, const Selector& selector) {
  std::vector<UsbUnit> units = units_of(kind);
  std::erase_if(units, [&](const UsbUnit& unit) { return !selector.fits(unit); });
  if (units.empty()) throw DeviceFault(Kind::gone, fmt::format("no {} is plugged in", kind.label));
  if (units.size() > 1) {
    std::string names;
    for (const UsbUnit& unit : units)
      names += fmt::format(" {}", uri_of(kind, unit, units));
    throw Error(Category::usage, fmt::format("{} devices are {}; name one:{}", units.size(), kind.label, names));
  }
  return units.front();
}

std::string state_of(const DeviceKind& kind, const UsbUnit& unit) {
  if (kind.is_serial() && unit.ttys.empty())
    return "no serial port: the kernel's driver (cdc_acm, ftdi_sio) is not bound";
  return node_state(kind.is_serial() ? unit.ttys.front() : unit.node, R_OK | W_OK);
}

std::vector<Listing> list(const DeviceKind& kind) {
  std::vector<Listing> listings;
  const std::vector<UsbUnit> units = units_of(kind);
  for (const UsbUnit& unit : units) {
    std::string description = fmt::format("{}, at {}", kind.label, unit.path);
    if (says_emulated(unit.product_text)) description.append(" – emulated");
    listings.push_back({uri_of(kind, unit, units), std::move(description), state_of(kind, unit)});
  }
  return listings;
}

/// Keeps to the first unit it found, so that a re-plug never exchanges it for another of the same kind.
class Finder {
 public:
  Finder(DeviceKind kind, Selector selector) : kind_(std::move(kind)), selector_(std::move(selector)) {}

  UsbUnit operator()() {
    UsbUnit unit = find(kind_, selector_);
    if (selector_.serial.empty() && selector_.path.empty()) {
      (unit.serial_text.empty() ? selector_.path : selector_.serial) =
          unit.serial_text.empty() ? unit.path : unit.serial_text;
    }
    return unit;
  }

 private:
  DeviceKind kind_;
  Selector selector_;
};

std::unique_ptr<Source> open(const DeviceKind& kind, SourceUri uri) {
  Finder find(kind, Selector(uri.path()));
  if (!kind.is_serial()) {
    return open_usb_source(kind, std::move(uri), [find](const Patience& patience) mutable {
      return UsbDevice::open_node(find().node, patience);
    });
  }
  return open_serial_source(kind, std::move(uri), [find]() mutable -> SerialPlace {
    UsbUnit unit = find();
    if (unit.ttys.empty()) throw DeviceFault(Kind::gone, fmt::format("{} has no serial port (yet)", unit.node));
    return {unit.ttys.front(), std::move(unit)};
  });
}

}  // namespace

SourceDriver usb_driver(const DeviceKind& kind) {
  return {.name = "usb:" + kind.name,
          .summary = kind.label,
          .list = [kind] { return list(kind); },
          .open = [kind](SourceUri uri) { return open(kind, std::move(uri)); }};
}

}  // namespace lightseed
