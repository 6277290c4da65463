// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "driver/usb/device_kind.h"

namespace lightseed {

/// `tty:PATH?driver=NAME` opens a port with the protocol of one of `kinds`; nothing is sent to a port to find out
/// what is behind it. `tty:PATH?baud=115200&entropy=0.5` takes whatever the port sends as samples of 8 bits, and
/// their provenance is `recorded` at best: nothing shows what is behind the port.
SourceDriver tty_driver(const std::vector<DeviceKind>& kinds);

}  // namespace lightseed
