#pragma once

#include <vector>

#include "driver/usb/device_kind.h"

namespace lightseed {

/// `tty:PATH?driver=NAME` opens a port with the protocol of one of `kinds`; nothing is sent to a port to find out
/// what is behind it. `tty:PATH?baud=115200&bits=8&entropy=0.5` takes whatever the port sends as samples.
SourceDriver tty_driver(const std::vector<DeviceKind>& kinds);

}  // namespace lightseed
