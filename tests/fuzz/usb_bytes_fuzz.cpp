// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstdint>
#include <span>
#include <vector>

#include "driver/transport/ftdi_chip.h"
#include "driver/transport/usb_device.h"

/// String descriptors and FTDI packets: printable text, and never more payload than came.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace lightseed;
  const auto bytes = std::as_bytes(std::span(data, size));
  for (const char c : usb_text(bytes))
    if (c < 0x20 || c >= 0x7F) __builtin_trap();
  for (const std::size_t packet : {64U, 512U}) {
    std::vector<std::byte> transfer(bytes.begin(), bytes.end());
    const std::size_t packets = (size + packet - 1) / packet;
    try {
      if (strip_ftdi_status(transfer, packet) != size - 2 * packets) __builtin_trap();
    } catch (const DeviceFault&) {
      if (size % packet != 1) __builtin_trap();
    }
  }
  return 0;
}
