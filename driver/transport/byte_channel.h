// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/patience.h"
#include "driver/transport/device_fault.h"

namespace lightseed {

/// A two-way stream of bytes to a device: a serial port, or a converter chip that is driven over USB directly.
class ByteChannel {
 public:
  virtual ~ByteChannel() = default;

  [[nodiscard]] virtual const std::string& name() const noexcept = 0;

  /// Waits for at least one byte, and takes what is there. 0 when the patience ended first. Throws DeviceFault(gone).
  virtual std::size_t read(std::span<std::byte> out, const Patience& patience) = 0;

  /// Writes everything. Throws DeviceFault: gone, or silence when the device takes nothing before the deadline.
  virtual void write(std::span<const std::byte> data, const Patience& patience) = 0;

  void write(std::string_view text, const Patience& patience) { write(std::as_bytes(std::span(text)), patience); }

  /// Fills `out`. Throws DeviceFault(silence) when the patience ends first, Error(interrupted) when asked to stop.
  void read_exactly(std::span<std::byte> out, const Patience& patience);

  /// Leaves the device alone for a while. Returns sooner when the patience ends.
  virtual void pause(std::chrono::milliseconds time, const Patience& patience) const;

  /// Throws away what arrives until the line has been quiet for `quiet`. Returns how much that was. Throws
  /// DeviceFault(protocol) when more than `limit` bytes came: a device that talks for ever has not understood us.
  std::size_t drain(std::chrono::milliseconds quiet, std::size_t limit, const Patience& patience);

 protected:
  ByteChannel() = default;
  ByteChannel(const ByteChannel&) = default;
  ByteChannel& operator=(const ByteChannel&) = default;
};

/// Opens the same port at some baud rate, as often as it is called.
using ChannelOpener = std::function<std::unique_ptr<ByteChannel>(unsigned baud, const Patience&)>;

}  // namespace lightseed
