// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "tests/emulated/serial_model.h"
#include "tests/emulated/usb_model.h"

namespace lightseed::emulated {

/// What may be chosen of a twin.
struct TwinOptions {
  std::string serial;     ///< its serial number
  int protocol = 0;       ///< one of its protocols; 0: the default
  double speed = 1;       ///< times the device's own rate, where that is known and kept
  std::uint32_t run = 1;  ///< of the Sequence it sends, or a noise_run()
};

/// The emulated twin of a kind of device, as `lightseed-emulate` offers it.
struct Twin {
  std::string name;            ///< the device kind's: "quantis"
  std::string words;           ///< "Quantis USB-4M"
  std::string default_serial;  ///< empty: the model has a serial number of its own, or none
  std::vector<int> protocols;  ///< that may be chosen, the default first; empty: it has one
  /// For a device driven over libusb, or for one behind a serial port.
  std::variant<std::function<std::shared_ptr<UsbModel>(const TwinOptions&)>,
               std::function<std::shared_ptr<SerialModel>(const TwinOptions&)>>
      make;
  /// What puts a device behind a serial port on the bus: its own USB side, or its converter chip.
  std::function<std::shared_ptr<UsbModel>(std::shared_ptr<SerialModel>, const TwinOptions&)> front{};

  [[nodiscard]] bool is_serial() const noexcept { return make.index() == 1; }
  /// The device on the bus, whatever it is driven by there.
  [[nodiscard]] std::shared_ptr<UsbModel> usb(const TwinOptions& options) const {
    return is_serial() ? front(serial(options), options) : std::get<0>(make)(options);
  }
  [[nodiscard]] std::shared_ptr<SerialModel> serial(const TwinOptions& options) const {
    return std::get<1>(make)(options);
  }
};

/// Every emulated device: one line each. A test holds it against the drivers' table.
const std::vector<Twin>& twins();

}  // namespace lightseed::emulated
