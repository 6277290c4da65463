// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tests/emulated/ftdi_front.h"

namespace lightseed::emulated {

/// The part of a PureQuantum behind its FTDI chip: one-byte commands, a delimiter of its own, a pipe that still holds
/// stale bytes after STOP. Names of files and lines are those of libqwqng 1.4 (awasisto/libqwqngx,
/// 3rdparty/libqwqng/src).
class EmulatedComScire final : public SerialModel {
 public:
  explicit EmulatedComScire(std::uint32_t run, double bytes_per_second = 0)
      : sequence_(run), pacer_(bytes_per_second), bytes_per_second_(bytes_per_second) {}

  std::size_t stale = 1500;     ///< bytes in the pipe after STOP
  bool bad_statistics = false;  ///< stops streaming, and says so when asked
  bool delimiter_changes = false;
  unsigned confused = 0;  ///< so many answers to 60 are wrong first
  bool silent = false;
  bool paused = false;         ///< sends no samples until the next START, and finds nothing wrong with itself
  std::size_t fifo_bytes = 0;  ///< what its FIFO holds while the host does not ask; the rest is lost. 0: it waits

  /// Its chip: the product and the mode in which bytes reach the device follow from the serial number.
  static EmulatedFtdi::Identity identity(const std::string& serial);

  /// The host has sent STOP.
  [[nodiscard]] bool was_stopped() const noexcept { return stopped_; }

  void receive(std::span<const std::byte> bytes, Clock::time_point now) override;
  Bytes send(std::size_t room, Clock::time_point now) override;

 private:
  Sequence sequence_;
  Pacer pacer_;
  double bytes_per_second_;
  Bytes out_;
  bool streaming_ = false, stopped_ = false;
  Clock::time_point asked_at_{};
  unsigned asked_ = 0;
};

}  // namespace lightseed::emulated
