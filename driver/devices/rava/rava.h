// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "driver/usb/device_kind.h"

namespace lightseed {

/// RAVA8: avalanche noise in a microcontroller, protocols 3 and 2 (README.md).
/// Parameters: entropy (bits per byte), processing = none | xor | dichtl.
DeviceKind rava_kind();

}  // namespace lightseed
