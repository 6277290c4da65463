#include "driver/usb/device_source.h"

#include <fmt/format.h>

#include <filesystem>
#include <utility>

#include "core/error.h"
#include "driver/assessed_claim.h"
#include "driver/transport/serial_port.h"

namespace lightseed {
namespace {

using Kind = DeviceFault::Kind;

/// The URI that opens this very unit again, with the parameters it was opened with.
std::string canonical_uri(const DeviceKind& kind, const std::string& uri, const std::string& serial) {
  if (serial.empty() || !uri.starts_with("usb:")) return uri;
  const auto question = uri.find('?');
  return fmt::format("usb:{}/{}{}", kind.name, serial, question == std::string::npos ? "" : uri.substr(question));
}

SourceInfo info_of(const DeviceKind& kind, const SourceUri& uri) {
  SourceInfo info;
  info.uri = uri.text();
  info.driver = "usb:" + kind.name;
  info.model = kind.label;
  info.format = {8, 8};
  return info;
}

/// What a source's name asks for, whatever carries its device.
template <typename SessionMaker>
struct Request {
  SourceInfo info;
  Supervision supervision;
  SessionMaker make;
  std::optional<AssessedClaim> assessed;

  Request(const DeviceKind& kind, SourceUri& uri, const std::function<SessionMaker(SourceUri&)>& maker_for)
      : info(info_of(kind, uri)), supervision(kind.supervision) {
    const auto give_up = static_cast<std::uint64_t>(supervision.give_up.count());
    supervision.give_up = std::chrono::milliseconds(uri.take_count("give_up_ms", give_up, 10, 86'400'000));
    make = maker_for(uri);
    assessed = AssessedClaim::from(uri);
    uri.reject_unknown();
  }
};

/// Refuses a device that is not the one this source was opened on.
void keep_to(std::optional<std::string>& known, const std::string& serial, const std::string& where) {
  if (known && *known != serial && serial.empty()) {
    throw DeviceFault(Kind::protocol, fmt::format("{} no longer says that its serial number is '{}'", where, *known));
  }
  if (known && *known != serial) {
    throw DeviceFault(Kind::gone, fmt::format("{} has serial '{}' instead of '{}': another device was plugged in",
                                              where, serial, *known));
  }
  known = serial;
}

Json usb_evidence(std::uint16_t vendor, std::uint16_t product, const std::string& manufacturer_text,
                  const std::string& product_text, const std::string& node) {
  return Json{{"vendor_id", fmt::format("{:04x}", vendor)},
              {"product_id", fmt::format("{:04x}", product)},
              {"manufacturer", manufacturer_text},
              {"product", product_text},
              {"node", node}};
}

}  // namespace

std::unique_ptr<Source> open_usb_source(const DeviceKind& kind, SourceUri uri, UsbOpener open,
                                        const Patience& patience) {
  Request request(kind, uri, kind.usb);
  SessionOpener session = [kind, make = std::move(request.make), open = std::move(open),
                           assessed = std::move(request.assessed),
                           known = std::optional<std::string>()](SourceInfo& now, const Patience& limit) mutable {
    auto device = open(limit);
    const UsbDescription& what = device->description();
    if (!kind.fits(what)) {
      throw Error(Category::device,
                  fmt::format("{} is {:04x}:{:04x} '{}', not {}; nothing was sent to it", device->name(), what.vendor,
                              what.product, what.product_text, kind.label));
    }
    keep_to(known, what.serial_text, device->name());
    now.uri = canonical_uri(kind, now.uri, what.serial_text);
    now.serial = what.serial_text;
    now.provenance = says_emulated(what.product_text) ? Provenance::simulated : Provenance::hardware;
    now.parameters["usb"] =
        usb_evidence(what.vendor, what.product, what.manufacturer_text, what.product_text, device->name());
    auto made = make(std::move(device), now, limit);
    if (assessed) now.claim = assessed->claim_for(now);
    return made;
  };
  return std::make_unique<SupervisedSource>(std::move(request.info), std::move(session), request.supervision, patience);
}

SerialPlace serial_place(const std::string& path) {
  std::error_code ignored;
  const std::string real = std::filesystem::canonical(path, ignored).string();
  for (UsbUnit& unit : usb_inventory()) {
    for (const std::string& tty : unit.ttys)
      if (tty == real) return {path, std::move(unit)};
  }
  return {path, std::nullopt};
}

std::unique_ptr<Source> open_serial_source(const DeviceKind& kind, SourceUri uri, PortFinder find,
                                           const Patience& patience) {
  Request request(kind, uri, kind.serial);
  SessionOpener session = [kind, make = std::move(request.make), find = std::move(find),
                           assessed = std::move(request.assessed),
                           known = std::optional<std::string>()](SourceInfo& now, const Patience& limit) mutable {
    const SerialPlace place = find();
    now.provenance = is_pseudo_terminal(place.path) ? Provenance::simulated : Provenance::hardware;
    now.parameters["port"] = place.path;
    if (place.unit) {
      keep_to(known, place.unit->serial_text, place.path);
      now.uri = canonical_uri(kind, now.uri, place.unit->serial_text);
      now.serial = place.unit->serial_text;
      if (says_emulated(place.unit->product_text)) now.provenance = Provenance::simulated;
      now.parameters["usb"] = usb_evidence(place.unit->vendor, place.unit->product, place.unit->manufacturer_text,
                                           place.unit->product_text, place.unit->node);
    }
    const auto port = [path = place.path](unsigned baud, const Patience&) { return SerialPort::open(path, baud); };
    auto made = make(port, now, limit);
    if (assessed) now.claim = assessed->claim_for(now);
    return made;
  };
  return std::make_unique<SupervisedSource>(std::move(request.info), std::move(session), request.supervision, patience);
}

}  // namespace lightseed
