// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "driver/usb/device_kind.h"

namespace lightseed {

/// 13-37.org Infinite Noise TRNG: a modular entropy multiplier on an FTDI chip, clocked bit by bit by the host, with
/// its health monitored on the host (README.md). Parameter: entropy (bits per sample of one bit).
DeviceKind infnoise_kind();

}  // namespace lightseed
