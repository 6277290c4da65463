// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "driver/usb/device_kind.h"

namespace lightseed {

/// ChaosKey: avalanche noise (README.md). Parameters: entropy (bits per sample), mode = raw (12-bit ADC samples) |
/// cooked (bytes after the device's CRC).
DeviceKind chaoskey_kind();

}  // namespace lightseed
