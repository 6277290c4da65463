// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <vector>

#include "core/json.h"
#include "core/patience.h"
#include "core/secret_bytes.h"
#include "driver/transport/device_fault.h"
#include "driver/transport/usb_device.h"

struct libusb_transfer;

namespace lightseed {

/// Continuous reading of one bulk endpoint: several transfers are always in flight, so the bus has no gaps.
///
/// The ring is the transfers' own memory: `slots` buffers, of which up to `in_flight` belong to the device and the
/// rest hold data nobody has read yet. When all are full, nothing is asked of the device until the reader has
/// emptied one: the device waits, no byte is dropped. Each buffer is wiped when it has been read.
///
/// A fault cancels what is in flight and throws away everything not yet read, so that no bytes from both sides of
/// the fault ever meet in one block. The reader sees it as a DeviceFault; restart() begins anew.
class UsbStream {
 public:
  struct Plan {
    std::uint8_t endpoint = 0x81;
    std::size_t transfer_bytes = 16 * 512;  ///< a multiple of the endpoint's packet, or the device may overflow it
    unsigned in_flight = 4;
    unsigned slots = 16;
    /// A reader that has waited this long in vain gets a fault of Kind::silence. Transfers themselves never time
    /// out: a timeout that fires during a transfer loses bytes.
    std::chrono::milliseconds silence{2000};
    /// Takes the transport's own bytes (FTDI's status) out of one transfer, in place; returns the payload's size.
    /// Throws DeviceFault. Empty: all is payload.
    std::function<std::size_t(std::span<std::byte>)> unframe{};
  };

  /// A plan for a device of this rate: each transfer holds about 25 ms, the ring at least half a second or `slots`.
  static Plan plan_for(UsbDescription::Endpoint endpoint, double bytes_per_second);

  UsbStream(std::shared_ptr<UsbDevice> device, Plan plan);
  ~UsbStream();
  UsbStream(const UsbStream&) = delete;
  UsbStream& operator=(const UsbStream&) = delete;

  /// Throws DeviceFault when not one transfer could be submitted.
  void start();

  /// Cancels, and waits until nothing is in flight. What was not read is wiped.
  void stop() noexcept;

  /// Fills `out`; less only when the patience ends. Throws DeviceFault: then nothing in `out` may be used.
  std::size_t read(std::span<std::byte> out, const Patience& patience);

  /// Takes what has come already, without waiting. Throws as read() does.
  std::size_t read_ready(std::span<std::byte> out);

  /// Counters since construction, for status().
  [[nodiscard]] Json counters() const;

 private:
  struct Slot {
    UsbStream* stream = nullptr;
    libusb_transfer* transfer = nullptr;
    std::size_t size = 0;   ///< payload in the buffer
    std::size_t taken = 0;  ///< of it, already read
    [[nodiscard]] std::span<std::byte> buffer() const noexcept;
  };

  std::shared_ptr<UsbDevice> device_;
  Plan plan_;
  SecretBytes memory_;
  std::vector<Slot> slots_;

  // The reader's own.
  Slot* reading_ = nullptr;
  SteadyClock::duration quiet_{};  ///< how long read() has waited since the last payload

  mutable std::mutex mutex_;
  std::condition_variable_any changed_;
  std::deque<Slot*> free_, ready_;
  unsigned in_flight_ = 0;
  unsigned limit_ = 0;  ///< how many may be in flight; less than planned when the kernel is short of memory
  bool running_ = false;
  std::optional<DeviceFault> fault_;
  std::uint64_t transfers_ = 0, bytes_ = 0, short_ = 0, empty_ = 0, faults_ = 0, discarded_ = 0, parked_ = 0;

  static void on_done(libusb_transfer* transfer);
  void done(Slot& slot);
  void submit_free();
  void fail(DeviceFault fault);
  void give_back(Slot& slot);
  bool next_slot(const Patience& patience);
};

}  // namespace lightseed
