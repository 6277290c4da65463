// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "driver/usb/device_kind.h"

namespace lightseed {

/// ComScire / QWC PureQuantum: FTDI chips, 2 to 128 Mbit/s (README.md). Parameter: entropy (bits per byte).
DeviceKind comscire_kind();

/// What a serial number says of a unit: generation 1 to 5 from its fourth character ("QWR4…"), 0 when it says nothing.
unsigned comscire_generation(const std::string& serial);

}  // namespace lightseed
