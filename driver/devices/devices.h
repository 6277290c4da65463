// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "driver/usb/device_kind.h"

namespace lightseed {

/// Every kind of USB device this build knows: the one table behind recognition, `lightseed devices` and the udev
/// rules. New device: one folder in driver/devices/, one line in devices.cpp.
const std::vector<DeviceKind>& device_kinds();

}  // namespace lightseed
