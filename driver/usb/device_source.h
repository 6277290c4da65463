// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "driver/usb/device_kind.h"

namespace lightseed {

/// Opens the device afresh each time it is called; throws DeviceFault(gone) while there is none.
using UsbOpener = std::function<std::shared_ptr<UsbDevice>(const Patience&)>;

/// A Source over a USB device that `open` opens: found on the bus, a descriptor from a portal, or an emulated one.
std::unique_ptr<Source> open_usb_source(const DeviceKind& kind, SourceUri uri, UsbOpener open,
                                        const Patience& patience = Patience{}.within(std::chrono::seconds(5)));

/// A serial port, and the USB device it belongs to where the system knows one.
struct SerialPlace {
  std::string path;
  std::optional<UsbUnit> unit;
};

/// What the system knows of a port.
SerialPlace serial_place(const std::string& path);

/// Finds the port afresh each time it is called; throws DeviceFault(gone) while there is none.
using PortFinder = std::function<SerialPlace()>;

/// A Source over a serial port. Its provenance is `simulated` unless the opened port proves to be one of a device on a
/// real bus (transport/hardware_proof.h); a port that belongs to no USB device of a known kind has no more to say.
std::unique_ptr<Source> open_serial_source(const DeviceKind& kind, SourceUri uri, PortFinder find,
                                           const Patience& patience = Patience{}.within(std::chrono::seconds(5)));

}  // namespace lightseed
