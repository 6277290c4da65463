#pragma once

#include <string>
#include <vector>

#include "driver/usb/device_kind.h"

namespace lightseed {

/// The file /etc/udev/rules.d/60-lightseed.rules for these kinds: the person at the seat may open them (uaccess), a
/// group may (plugdev), and ModemManager leaves their serial ports alone.
std::string udev_rules(const std::vector<DeviceKind>& kinds);

}  // namespace lightseed
