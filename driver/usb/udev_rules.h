// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "driver/usb/device_kind.h"

namespace lightseed {

/// The file /etc/udev/rules.d/60-lightseed.rules for these kinds: the person at the seat may open them (uaccess), a
/// group may, and ModemManager leaves their serial ports alone. Without a group only root and the person at the seat
/// may: udev ignores a rule that names a group that does not exist.
std::string udev_rules(const std::vector<DeviceKind>& kinds, const std::string& group = "plugdev");

/// The group of this system that devices are usually given to: plugdev, uucp or dialout; empty where there is none.
std::string udev_group();

}  // namespace lightseed
