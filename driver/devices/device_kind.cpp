#include "driver/devices/device_kind.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <utility>

#include "core/error.h"
#include "driver/transport/hotplug_watch.h"

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

std::string uri_of(const DeviceKind& kind, const UsbUnit& unit) {
  return fmt::format("usb:{}/{}", kind.name, unit.serial_text.empty() ? "@" + unit.path : unit.serial_text);
}

/// The URI that opens this very unit again, with the parameters it was opened with.
std::string canonical_uri(const DeviceKind& kind, const std::string& uri, const std::string& serial) {
  if (serial.empty()) return uri;
  const auto question = uri.find('?');
  return fmt::format("usb:{}/{}{}", kind.name, serial, question == std::string::npos ? "" : uri.substr(question));
}

std::vector<UsbUnit> units_of(const DeviceKind& kind) {
  std::vector<UsbUnit> units = usb_inventory();
  std::erase_if(units, [&](const UsbUnit& unit) { return !kind.fits(unit); });
  return units;
}

/// The one unit a selector means. Throws DeviceFault(gone) for none, Error(usage) for several.
UsbUnit find(const DeviceKind& kind, const Selector& selector) {
  std::vector<UsbUnit> units = units_of(kind);
  std::erase_if(units, [&](const UsbUnit& unit) { return !selector.fits(unit); });
  if (units.empty()) throw DeviceFault(Kind::gone, fmt::format("no {} is plugged in", kind.label));
  if (units.size() > 1) {
    std::string names;
    for (const UsbUnit& unit : units)
      names += " " + uri_of(kind, unit);
    throw Error(Category::usage, fmt::format("{} devices are {}; name one:{}", units.size(), kind.label, names));
  }
  return units.front();
}

std::string state_of(const UsbUnit& unit) {
  if (::access(unit.node.c_str(), F_OK) != 0) return "no node " + unit.node;
  if (::access(unit.node.c_str(), R_OK | W_OK) != 0) {
    return "no permission; install the rule that 'lightseed devices --udev-rules' prints";
  }
  if (const std::string holders = holders_of(unit.node); !holders.empty()) return "busy: held by " + holders;
  return "ready";
}

std::vector<Listing> list(const DeviceKind& kind) {
  std::vector<Listing> listings;
  for (const UsbUnit& unit : units_of(kind)) {
    std::string description = fmt::format("{}, at {}", kind.label, unit.path);
    if (says_emulated(unit.product_text)) description += " – emulated";
    listings.push_back({uri_of(kind, unit), std::move(description), state_of(unit)});
  }
  return listings;
}

/// Keeps to the first device it found, so that a re-plug never exchanges it for another of the same kind.
UsbOpener opener_for(DeviceKind kind, Selector selector) {
  return [kind = std::move(kind), selector = std::move(selector)](const Patience& patience) mutable {
    const UsbUnit unit = find(kind, selector);
    auto device = UsbDevice::open_node(unit.node, patience);
    if (selector.serial.empty() && selector.path.empty()) {
      (unit.serial_text.empty() ? selector.path : selector.serial) =
          unit.serial_text.empty() ? unit.path : unit.serial_text;
    }
    return device;
  };
}

}  // namespace

bool UsbMatch::fits(std::uint16_t v, std::uint16_t p, const std::string& product_text,
                    const std::string& serial) const {
  return v == vendor && p == product && product_text.find(product_contains) != std::string::npos &&
         serial.starts_with(serial_prefix);
}

bool DeviceKind::fits(const UsbUnit& unit) const {
  return std::any_of(matches.begin(), matches.end(), [&](const UsbMatch& match) {
    return match.fits(unit.vendor, unit.product, unit.product_text, unit.serial_text);
  });
}

bool DeviceKind::fits(const UsbDescription& description) const {
  return std::any_of(matches.begin(), matches.end(), [&](const UsbMatch& match) {
    return match.fits(description.vendor, description.product, description.product_text, description.serial_text);
  });
}

bool says_emulated(const std::string& product_text) {
  std::string upper = product_text;
  std::transform(upper.begin(), upper.end(), upper.begin(),
                 [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  return upper.find("EMULATED") != std::string::npos || upper.find("SIMULATED") != std::string::npos;
}

MinEntropy unassessed_claim(SourceUri& uri, double bits, unsigned sample_bits) {
  MinEntropy claim;
  claim.basis = MinEntropy::Basis::stated;
  claim.bits_per_sample = uri.take_number("entropy", bits, 0, sample_bits);
  if (uri.has("entropy")) {
    claim.method = "stated by the operator in the source's name";
    return claim;
  }
  claim.method = "conservative default: this unit has not been assessed, and the vendor's claim is no basis";
  claim.assumptions = {"the unit behaves as its kind should; assess it with 'lightseed assess' and state the result"};
  return claim;
}

std::unique_ptr<Source> open_usb_source(const DeviceKind& kind, SourceUri uri, UsbOpener open,
                                        const Patience& patience) {
  SourceInfo info;
  info.uri = uri.text();
  info.driver = "usb:" + kind.name;
  info.model = kind.label;
  info.format = {8, 8};
  Supervision supervision = kind.supervision;
  const auto give_up = static_cast<std::uint64_t>(supervision.give_up.count());
  supervision.give_up = std::chrono::milliseconds(uri.take_count("give_up_ms", give_up, 10, 86'400'000));
  const UsbSessionMaker make = kind.configure(uri);
  uri.reject_unknown();

  SessionOpener session = [kind, make, open = std::move(open), known = std::string()](
                              SourceInfo& now, const Patience& limit) mutable -> std::unique_ptr<Session> {
    auto device = open(limit);
    const UsbDescription& what = device->description();
    if (!kind.fits(what)) {
      throw Error(Category::device,
                  fmt::format("{} is {:04x}:{:04x} '{}', not {}; nothing was sent to it", device->name(), what.vendor,
                              what.product, what.product_text, kind.label));
    }
    if (!known.empty() && what.serial_text != known) {
      throw DeviceFault(Kind::gone, fmt::format("{} has serial '{}' instead of '{}': another device was plugged in",
                                                device->name(), what.serial_text, known));
    }
    known = what.serial_text;
    now.uri = canonical_uri(kind, now.uri, known);
    now.serial = what.serial_text;
    now.provenance = says_emulated(what.product_text) ? Provenance::simulated : Provenance::hardware;
    now.parameters["usb"] = {{"vendor_id", fmt::format("{:04x}", what.vendor)},
                             {"product_id", fmt::format("{:04x}", what.product)},
                             {"release", fmt::format("{:04x}", what.release)},
                             {"manufacturer", what.manufacturer_text},
                             {"product", what.product_text},
                             {"node", device->name()}};
    return make(std::move(device), now, limit);
  };
  return std::make_unique<SupervisedSource>(std::move(info), std::move(session), supervision, patience);
}

SourceDriver usb_driver(const DeviceKind& kind) {
  return {.name = "usb:" + kind.name,
          .summary = kind.label,
          .list = [kind] { return list(kind); },
          .open = [kind](SourceUri uri) -> std::unique_ptr<Source> {
            UsbOpener open = opener_for(kind, Selector(uri.path()));
            return open_usb_source(kind, std::move(uri), std::move(open));
          }};
}

}  // namespace lightseed
