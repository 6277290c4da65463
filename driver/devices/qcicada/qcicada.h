// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "driver/usb/device_kind.h"

namespace lightseed {

/// Crypta Labs QCicada, Firefly and Dragonfly: light on a photodiode, "Cmd&Ctrl" protocol (README.md). Their USB
/// numbers are not published, so they are named by hand: tty:/dev/ttyUSB0?driver=qcicada. Parameters: entropy (bits per
/// byte), output = raw | samples | sha256, ca_key (64 bytes in hexadecimal).
DeviceKind qcicada_kind();

}  // namespace lightseed
