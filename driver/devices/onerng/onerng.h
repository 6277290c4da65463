// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "driver/usb/device_kind.h"

namespace lightseed {

/// Moonbase Otago OneRNG: avalanche and radio noise (README.md).
/// Parameters: entropy (bits per byte), mode = raw | whitened | rf, image = ignore | digest
/// (of the firmware, as evidence).
DeviceKind onerng_kind();

}  // namespace lightseed
