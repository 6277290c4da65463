// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "driver/usb/device_kind.h"

namespace lightseed {

/// ID Quantique Quantis USB: photons on a beam splitter, 4 Mbit/s of processed bits (README.md).
/// Parameters: entropy (bits per byte), in_flight and transfer_bytes for awkward host controllers.
DeviceKind quantis_kind();

}  // namespace lightseed
