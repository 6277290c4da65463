// SPDX-License-Identifier: Apache-2.0
#include "driver/usb/device_source.h"

#include <fmt/format.h>

#include <filesystem>
#include <functional>
#include <memory>
#include <utility>
#include <vector>

#include "core/error.h"
#include "driver/assessed_claim.h"
#include "driver/transport/hardware_proof.h"
#include "driver/transport/serial_port.h"
#include "stats/health/monitored.h"

namespace lightseed {
namespace {

using Kind = DeviceFault::Kind;

/// The URI that opens this very unit again, with the parameters it was opened with.
std::string canonical_uri(const DeviceKind& kind, const SourceUri& uri, const std::string& serial) {
  if (serial.empty() || uri.scheme() != "usb") return uri.text();
  return uri.with_path(fmt::format("{}/{}", kind.name, serial));
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
  DeviceKind kind;
  SourceUri uri;
  Supervision supervision;
  SessionMaker make;
  std::optional<AssessedClaim> assessed;

  Request(const DeviceKind& k, SourceUri u) : kind(k), uri(std::move(u)), supervision(kind.supervision) {
    const auto give_up = static_cast<std::uint64_t>(supervision.give_up.count());
    supervision.give_up = std::chrono::milliseconds(uri.take_count("give_up_ms", give_up, 10, 86'400'000));
    make = std::get<std::function<SessionMaker(SourceUri&)>>(kind.driven)(uri);
    assessed = AssessedClaim::from(uri, kind.check_assessment);
    uri.reject_unknown();
  }

  /// What follows once the device is open and known: its provenance, and the claim for the unit that it turned out to
  /// be. Everything is `simulated` until something proves otherwise.
  void conclude(SourceInfo& now, const HardwareProof& proof, const std::string& product_text,
                Provenance best = Provenance::hardware) const {
    now.provenance =
        proof.proved && !says_emulated(product_text) ? worst(best, kind.best_provenance) : Provenance::simulated;
    now.parameters["proof"] = {{"hardware", proof.proved}, {"words", proof.words}};
    if (assessed) now.claim = assessed->claim_for(now);
  }
};

/// A device whose kind brings health tests of its own.
class MonitoredDevice final : public Source, public health::Monitored {
 public:
  MonitoredDevice(std::unique_ptr<Source> device,
                  std::function<std::vector<std::unique_ptr<health::HealthTest>>()> tests)
      : device_(std::move(device)), tests_(std::move(tests)) {}

  [[nodiscard]] const SourceInfo& info() const noexcept override { return device_->info(); }
  void start(const Patience& patience) override { device_->start(patience); }
  [[nodiscard]] Read read(std::span<std::byte> out, const Patience& patience) override {
    return device_->read(out, patience);
  }
  [[nodiscard]] Json status() override { return device_->status(); }
  void stop() noexcept override { device_->stop(); }
  [[nodiscard]] std::vector<std::unique_ptr<health::HealthTest>> make_health_tests() override { return tests_(); }

 private:
  std::unique_ptr<Source> device_;
  std::function<std::vector<std::unique_ptr<health::HealthTest>>()> tests_;
};

template <typename SessionMaker>
std::unique_ptr<Source> supervise(const Request<SessionMaker>& request, SessionOpener open, const Patience& patience) {
  auto source = std::make_unique<SupervisedSource>(info_of(request.kind, request.uri), std::move(open),
                                                   request.supervision, patience);
  if (!request.kind.health_tests) return source;
  return std::make_unique<MonitoredDevice>(std::move(source), request.kind.health_tests);
}

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
  const Request<UsbSessionMaker> request(kind, std::move(uri));
  SessionOpener session = [request, open = std::move(open), known = std::optional<std::string>()](
                              SourceInfo& now, const Patience& limit) mutable {
    auto device = open(limit);
    const UsbDescription what = device->description();
    if (!request.kind.fits(what)) {
      throw Error(Category::device,
                  fmt::format("{} is {:04x}:{:04x} '{}', not {}; nothing was sent to it", device->name(), what.vendor,
                              what.product, what.product_text, request.kind.label));
    }
    keep_to(known, what.serial_text, device->name());
    now.uri = canonical_uri(request.kind, request.uri, what.serial_text);
    now.serial = what.serial_text;
    now.parameters["usb"] =
        usb_evidence(what.vendor, what.product, what.manufacturer_text, what.product_text, device->name());
    const HardwareProof proof = prove_hardware(device->descriptor());
    auto made = request.make(std::move(device), now, limit);
    request.conclude(now, proof, what.product_text);
    return made;
  };
  return supervise(request, std::move(session), patience);
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

namespace {

/// Opens a port, as often as a session wants it, and proves each time what was opened: a path may lead to another
/// device each time.
class ProvenPort {
 public:
  explicit ProvenPort(SerialPlace place) : place_(std::move(place)) {}

  std::unique_ptr<ByteChannel> operator()(unsigned baud, const Patience&) {
    auto port = SerialPort::open(place_.path, baud);
    HardwareProof proof = prove_hardware(port->descriptor());
    if (proof.proved && place_.unit && proof.usb_path != place_.unit->path) {
      throw DeviceFault(Kind::gone, fmt::format("{} belongs to the USB device '{}' and not to {} any more", place_.path,
                                                proof.usb_path, place_.unit->path));
    }
    if (!*proof_) *proof_ = proof;
    if (**proof_ != proof) {
      throw DeviceFault(Kind::changed,
                        fmt::format("{}: it was {}, and now {}", place_.path, (*proof_)->words, proof.words));
    }
    return port;
  }

  /// Of what was opened; nothing is proved where nothing was.
  [[nodiscard]] HardwareProof proof() const {
    return proof_->value_or(HardwareProof{.proved = false, .words = "it was not opened", .usb_path = {}});
  }

 private:
  SerialPlace place_;
  /// Shared by the copies that sessions keep.
  std::shared_ptr<std::optional<HardwareProof>> proof_ = std::make_shared<std::optional<HardwareProof>>();
};

}  // namespace

std::unique_ptr<Source> open_serial_source(const DeviceKind& kind, SourceUri uri, PortFinder find,
                                           const Patience& patience) {
  const Request<SerialSessionMaker> request(kind, std::move(uri));
  SessionOpener session = [request, find = std::move(find), known = std::optional<std::string>()](
                              SourceInfo& now, const Patience& limit) mutable {
    const SerialPlace place = find();
    now.parameters["port"] = place.path;
    std::string product_text;
    if (place.unit) {
      const UsbUnit& unit = *place.unit;
      keep_to(known, unit.serial_text, place.path);
      now.uri = canonical_uri(request.kind, request.uri, unit.serial_text);
      now.serial = unit.serial_text;
      now.parameters["usb"] =
          usb_evidence(unit.vendor, unit.product, unit.manufacturer_text, unit.product_text, unit.node);
      product_text = unit.product_text;
    }
    const ProvenPort port(place);
    auto made = request.make(port, now, limit);
    // Where the kind has USB numbers of its own and the port's device has others, or none, the protocol alone speaks
    // for it, and most of these devices have next to none.
    const bool named = request.kind.matches.empty() || (place.unit && request.kind.fits(*place.unit));
    request.conclude(now, port.proof(), product_text, named ? Provenance::hardware : Provenance::recorded);
    return made;
  };
  return supervise(request, std::move(session), patience);
}

}  // namespace lightseed
