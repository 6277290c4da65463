// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/patience.h"

namespace lightseed {

/// Wakes up when the kernel says that a device came or went; whoever waits then looks at usb_inventory() again.
/// Looking, not believing the event, is what makes arrivals unique: the kernel and udev both report each one.
class HotplugWatch {
 public:
  HotplugWatch() noexcept;
  ~HotplugWatch();
  HotplugWatch(const HotplugWatch&) = delete;
  HotplugWatch& operator=(const HotplugWatch&) = delete;

  /// Returns after an event, or after a quarter of a second all the same: containers and sandboxes hear no events.
  void wait(const Patience& patience) noexcept;

 private:
  int socket_ = -1;
};

}  // namespace lightseed
