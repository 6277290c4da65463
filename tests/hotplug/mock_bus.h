// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "tests/emulated/fake_usbfs.h"
#include "tests/emulated/usb_model.h"

struct _UMockdevTestbed;

namespace lightseed::tests {

/// Bench B: a /sys and a /dev of emulated devices, by umockdev, that this process takes for the system's. Devices come
/// and go with uevents; each plugging gives a new address. Run under umockdev-wrapper.
class MockBus {
 public:
  MockBus();
  ~MockBus();
  MockBus(const MockBus&) = delete;
  MockBus& operator=(const MockBus&) = delete;

  struct Identity {
    std::string vendor, product;  ///< four hexadecimal digits
    std::string product_text, serial;
    std::string tty;  ///< "ttyACM0" for a serial device; its node is a pseudo-terminal of umockdev's
  };

  /// Plugs a device in at a place such as "1-4". Without a model nothing answers on its node.
  void plug(const std::string& place, const Identity& identity, std::shared_ptr<emulated::UsbModel> model);
  void unplug(const std::string& place);

  /// The permissions of a device's node, and everybody's way to it.
  void set_node_mode(const std::string& place, unsigned mode);

 private:
  struct Plugged {
    std::string place, syspath, node;
    std::shared_ptr<emulated::FakeUsbfs> fake;
  };

  [[nodiscard]] std::string real_path(const std::string& node) const;

  _UMockdevTestbed* testbed_;
  std::mutex mutex_;
  unsigned address_ = 1;
  std::vector<Plugged> plugged_;
  std::vector<std::shared_ptr<emulated::FakeUsbfs>> gone_;  ///< unplugged, perhaps still open
};

}  // namespace lightseed::tests
