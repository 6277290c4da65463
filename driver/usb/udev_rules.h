// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "driver/usb/device_kind.h"

namespace lightseed {

/// The file /etc/udev/rules.d/60-lightseed.rules for these kinds: the person at the seat may open them (uaccess), a
/// group may, and ModemManager leaves their serial ports alone. Without a group only root and the person at the seat
/// may: udev does not apply the group of a rule that names one that does not exist.
std::string udev_rules(const std::vector<DeviceKind>& kinds, const std::string& group);

/// The group that devices are usually given to: plugdev, uucp or dialout, the first that `exists`; empty where there is
/// none of them.
std::string udev_group(const std::function<bool(const std::string&)>& exists);

/// The same of this system.
std::string udev_group();

}  // namespace lightseed
