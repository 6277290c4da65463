// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "driver/usb/device_kind.h"

namespace lightseed {

/// ubld.it TrueRNG v1 to v3, Pro and ProV2 (README.md).
/// Parameters: entropy (bits per byte), mode = normal | rng1 | rng2 | raw | unwhitened; all but normal on a Pro only.
DeviceKind truerng_kind();

}  // namespace lightseed
