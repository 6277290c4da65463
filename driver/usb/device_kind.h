// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "driver/registry.h"
#include "driver/transport/byte_channel.h"
#include "driver/transport/session.h"
#include "driver/transport/supervised_source.h"
#include "driver/transport/usb_device.h"
#include "driver/transport/usb_inventory.h"
#include "stats/health/health_test.h"

namespace lightseed {

/// How a kind of device is recognised. Vendor and product alone may be a converter's stock numbers, which say nothing
/// of what is behind it: then the texts must match too. What does not match is never opened.
struct UsbMatch {
  std::uint16_t vendor = 0, product = 0;
  std::string product_contains{};  ///< in the product text; empty: any
  std::string serial_prefix{};     ///< of the serial number; empty: any

  [[nodiscard]] bool fits(std::uint16_t v, std::uint16_t p, const std::string& product_text,
                          const std::string& serial) const;
};

/// What a session is made of: the opened device, the info to complete, the patience.
using UsbSessionMaker =
    std::function<std::unique_ptr<Session>(std::shared_ptr<UsbDevice>, SourceInfo&, const Patience&)>;

/// The same for a device behind a serial port: the session opens the port itself, at the rates its device wants.
using SerialSessionMaker = std::function<std::unique_ptr<Session>(ChannelOpener, SourceInfo&, const Patience&)>;

/// One kind of USB device: the row that recognition, `lightseed devices` and the udev rules are made from.
struct DeviceKind {
  std::string name;   ///< "quantis": opened as usb:quantis, usb:quantis/SERIAL or usb:quantis/@1-1.2
  std::string label;  ///< "ID Quantique Quantis USB"
  std::vector<UsbMatch> matches;
  Supervision supervision{};
  /// The best that its samples can be where the opened descriptor proves hardware.
  Provenance best_provenance = Provenance::hardware;
  /// How an assessment of a unit is checked before it becomes its claim; nothing: none is taken.
  AssessmentCheck check_assessment{};
  /// Health tests for the kind's own physics, made afresh for each gate; nothing: it has none.
  std::function<std::vector<std::unique_ptr<health::HealthTest>>()> health_tests{};
  /// Takes the kind's own parameters from the URI and returns what makes sessions with them: over libusb, or over the
  /// serial port that the kernel's driver makes of the device.
  std::variant<std::function<UsbSessionMaker(SourceUri&)>, std::function<SerialSessionMaker(SourceUri&)>> driven{};

  [[nodiscard]] bool is_serial() const noexcept { return driven.index() == 1; }
  [[nodiscard]] bool fits(const UsbUnit& unit) const;
  [[nodiscard]] bool fits(const UsbDescription& description) const;
};

/// What makes sessions of a kind behind a serial port. Throws std::bad_variant_access for any other kind.
inline SerialSessionMaker serial_sessions(const DeviceKind& kind, SourceUri& uri) {
  return std::get<1>(kind.driven)(uri);
}

/// A min-entropy claim for a device nobody has assessed: `bits` per sample, or the `entropy` parameter of the URI.
/// The vendor's own claim is no basis. An assessment of the unit (driver/assessed_claim.h) replaces it when it is
/// opened.
MinEntropy unassessed_claim(SourceUri& uri, double bits, unsigned sample_bits);

/// An emulator names itself in the product text; whatever does is never hardware.
bool says_emulated(const std::string& product_text);

}  // namespace lightseed
