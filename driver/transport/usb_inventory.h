// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace lightseed {

/// One USB device as the kernel describes it. Reading this opens nothing and sends nothing to the device.
struct UsbUnit {
  unsigned bus = 0, address = 0;
  std::string path;  ///< where it is plugged, e.g. "1-1.2"; stays the same when it is plugged in again there
  std::uint16_t vendor = 0, product = 0;
  std::string manufacturer_text, product_text, serial_text;
  std::string node;                  ///< /dev/bus/usb/001/002
  std::vector<std::string> ttys;     ///< /dev/ttyACM0, … of its interfaces
  std::vector<std::string> drivers;  ///< kernel drivers bound to its interfaces

  friend bool operator==(const UsbUnit&, const UsbUnit&) = default;
};

/// Every USB device the kernel knows, hubs too, sorted by path; empty where the system has no USB.
/// `sysfs` and `dev` are other roots for tests.
std::vector<UsbUnit> usb_inventory(const std::filesystem::path& sysfs = "/sys",
                                   const std::filesystem::path& dev = "/dev");

}  // namespace lightseed
