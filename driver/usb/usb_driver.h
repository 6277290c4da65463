// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "driver/usb/device_kind.h"

namespace lightseed {

/// The registry entry "usb:NAME". It finds devices by the kernel's inventory, and opens the one that the URI names by
/// serial number (usb:quantis/SERIAL) or place on the bus (usb:quantis/@1-1.2); never by index, which changes.
SourceDriver usb_driver(const DeviceKind& kind);

}  // namespace lightseed
