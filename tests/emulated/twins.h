#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "tests/emulated/serial_model.h"
#include "tests/emulated/usb_model.h"

namespace lightseed::emulated {

/// What may be chosen of a twin.
struct TwinOptions {
  std::string serial;     ///< its serial number
  std::uint32_t run = 1;  ///< of the Sequence it sends, or a noise_run()
};

/// The emulated twin of a kind of device, as `lightseed-emulate` offers it.
struct Twin {
  std::string name;            ///< the device kind's: "quantis"
  std::string words;           ///< "Quantis USB-4M"
  std::string default_serial;  ///< empty: the model has a serial number of its own, or none
  /// One of the two is set: for a device driven over libusb, or for one behind a serial port.
  std::function<std::shared_ptr<UsbModel>(const TwinOptions&)> usb{};
  std::function<std::shared_ptr<SerialModel>(const TwinOptions&)> serial{};
};

/// Every emulated device: one line each. A test holds it against the drivers' table.
const std::vector<Twin>& twins();

}  // namespace lightseed::emulated
