// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <thread>

struct libusb_context;

namespace lightseed {

/// libusb and the one thread that handles its events for every device of this process.
///
/// Devices are found by UsbInventory and opened by their node, so libusb's own discovery stays off: it works
/// where there is no bus to scan, and a descriptor handed over by a portal or a test is as good as a node.
/// Do not fork with a context alive; a daemon forks first.
class UsbContext {
 public:
  /// The process's context; made for the first device, ended with the last. Throws Error(device).
  static std::shared_ptr<UsbContext> shared();

  ~UsbContext();
  UsbContext(const UsbContext&) = delete;
  UsbContext& operator=(const UsbContext&) = delete;

  [[nodiscard]] libusb_context* get() const noexcept { return context_; }

 private:
  UsbContext();

  libusb_context* context_ = nullptr;
  std::jthread events_;
};

}  // namespace lightseed
