// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <string>
#include <thread>

#include "driver/transport/byte_channel.h"
#include "tests/emulated/usb_model.h"

namespace lightseed::emulated {

/// A device behind a serial line, whatever carries it.
class SerialModel {
 public:
  virtual ~SerialModel() = default;
  /// Bytes from the host.
  virtual void receive(std::span<const std::byte> bytes, Clock::time_point now) = 0;
  /// Up to `room` bytes for the host that are due by now.
  virtual Bytes send(std::size_t room, Clock::time_point now) = 0;
  /// The host has set the rate of the line; it holds DTR, or does not. Most devices do not care.
  virtual void line_coding(unsigned) {}
  virtual void control_lines(bool) {}
  /// The second status byte of an FTDI chip in front of it: 0x60, nothing left to transmit.
  [[nodiscard]] virtual std::uint8_t line_status() const { return 0x60; }

 protected:
  SerialModel() = default;
  SerialModel(const SerialModel&) = default;
  SerialModel& operator=(const SerialModel&) = default;
};

/// A serial model without any tty: for sessions that open their port again and again, and for fuzzing. Nobody waits for
/// it: while it has nothing to say, the clock is moved on.
class ModelChannel final : public ByteChannel {
 public:
  explicit ModelChannel(SerialModel& model) : model_(model) {}

  [[nodiscard]] const std::string& name() const noexcept override { return name_; }

  std::size_t read(std::span<std::byte> out, const Patience& patience) override {
    while (!patience.stopped()) {
      const Bytes bytes = model_.send(out.size(), Clock::now());
      std::copy(bytes.begin(), bytes.end(), out.begin());
      if (!bytes.empty()) return bytes.size();
      if (patience.expired()) return 0;
      SteadyClock::move_on(std::chrono::microseconds(200));
    }
    return 0;
  }

  void write(std::span<const std::byte> data, const Patience&) override { model_.receive(data, Clock::now()); }

 private:
  SerialModel& model_;
  std::string name_ = "emulated";
};

}  // namespace lightseed::emulated
