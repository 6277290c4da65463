// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "driver/usb/device_kind.h"

namespace lightseed {

/// BitBabbler White and Black: shot noise on an FTDI chip's serial engine (README.md). Parameters: entropy (bits per
/// byte), bitrate (Hz of the sampling clock).
DeviceKind bitbabbler_kind();

}  // namespace lightseed
