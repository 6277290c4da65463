// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>

#include "driver/transport/byte_channel.h"

namespace lightseed {

/// The serial engine of FTDI's H chips (application note AN 108), as far as reading a clocked input needs it. It works
/// on the chip as a stream of bytes, without the packets' status.
class Mpsse {
 public:
  static constexpr double base_clock = 30e6;  ///< Hz
  static constexpr std::size_t most_bytes = 65536;

  explicit Mpsse(ByteChannel& chip) : chip_(chip) {}

  /// Finds out whether the engine hears us: it must answer two commands that do not exist by naming them, each with
  /// nothing else around it. What it says to anything older is thrown away first.
  [[nodiscard]] bool synchronise(const Patience& patience);

  /// Plain clocking at base_clock / (divisor + 1), no loop-back. `levels` and `outputs` are the low pins': bit 0 is the
  /// clock, bit 2 the input.
  void configure(std::uint16_t divisor, std::uint8_t levels, std::uint8_t outputs, const Patience& patience);

  /// Clocks in `bytes`, 1 to most_bytes, most significant bit first, and sends them without waiting for a packet to
  /// fill.
  void request(std::size_t bytes, const Patience& patience);

  /// The divisor for a bit rate of 458 Hz to 30 MHz.
  [[nodiscard]] static std::uint16_t divisor_for(double bits_per_second);

 private:
  ByteChannel& chip_;

  bool refuses(std::byte no_command, const Patience& patience);
};

}  // namespace lightseed
