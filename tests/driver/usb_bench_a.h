// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <memory>
#include <utility>
#include <vector>

#include "driver/usb/device_source.h"
#include "tests/driver/reading.h"
#include "tests/emulated/fake_usbfs.h"
#include "tests/emulated/faults.h"

namespace lightseed::tests {

/// Opens an emulated device as a USB device of this process.
inline std::shared_ptr<UsbDevice> open_fake(emulated::FakeUsbfs& fake) {
  return UsbDevice::from_fd(fake.open_fd(), "emulated", patient());
}

/// A port into which a test plugs one emulated device after the other.
class Port {
 public:
  void plug(std::shared_ptr<emulated::UsbModel> model) {
    auto fake = std::make_shared<emulated::FakeUsbfs>(std::move(model));
    const std::lock_guard lock(mutex_);
    all_.push_back(fake);
    plugged_ = std::move(fake);
  }

  void unplug() {
    const std::lock_guard lock(mutex_);
    if (auto fake = std::exchange(plugged_, nullptr)) fake->unplug();
  }

  [[nodiscard]] std::shared_ptr<emulated::FakeUsbfs> fake() const {
    const std::lock_guard lock(mutex_);
    return plugged_;
  }

  [[nodiscard]] UsbOpener opener() {
    return [this](const Patience& patience) {
      const std::lock_guard lock(mutex_);
      if (!plugged_ || plugged_->gone()) throw DeviceFault(DeviceFault::Kind::gone, "nothing is plugged in");
      return UsbDevice::from_fd(plugged_->open_fd(), "emulated", patience);
    };
  }

  /// Forgets devices that were unplugged and closed.
  void clear_unplugged() {
    const std::lock_guard lock(mutex_);
    std::erase_if(all_, [this](const auto& fake) { return fake != plugged_; });
  }

 private:
  mutable std::mutex mutex_;
  std::vector<std::shared_ptr<emulated::FakeUsbfs>> all_;
  std::shared_ptr<emulated::FakeUsbfs> plugged_;
};

/// How many entries a directory of /proc/self has: open descriptors ("fd"), threads ("task").
inline std::size_t own_count(const char* directory) {
  std::size_t count = 0;
  for ([[maybe_unused]] const auto& entry :
       std::filesystem::directory_iterator(std::filesystem::path("/proc/self") / directory))
    ++count;
  return count;
}

}  // namespace lightseed::tests
