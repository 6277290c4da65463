// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tests/emulated/ftdi_front.h"

namespace lightseed::emulated {

/// A BitBabbler on the serial engine (MPSSE) of its FTDI chip: commands parsed byte by byte, bits at the clock's rate.
/// Names of files and lines are those of bit-babbler 0.9, include/bit-babbler.
class EmulatedBitBabbler final : public SerialModel {
 public:
  explicit EmulatedBitBabbler(std::uint32_t run) : sequence_(run) {}

  bool echoes = true;        ///< answers commands that do not exist
  unsigned long_echoes = 0;  ///< so many of those answers have a byte too many first
  unsigned deaf_echoes = 0;  ///< so many of those answers are missing first
  unsigned excess = 0;       ///< bytes beyond the next chunk's end
  unsigned missing = 0;      ///< bytes that the next chunk lacks
  unsigned busy_after = 0;   ///< so many chunks end with the engine still at work
  bool wrong_line = false;   ///< an error bit in the line status
  bool chatter = false;      ///< sends for ever

  [[nodiscard]] unsigned divisor() const noexcept { return divisor_; }
  [[nodiscard]] unsigned low_pins() const noexcept { return low_pins_; }  ///< level and direction, as two bytes
  [[nodiscard]] std::size_t longest_request() const noexcept { return longest_; }

  void receive(std::span<const std::byte> bytes, Clock::time_point now) override;
  Bytes send(std::size_t room, Clock::time_point now) override;
  [[nodiscard]] std::uint8_t line_status() const override;

  static EmulatedFtdi::Identity identity(std::uint16_t max_packet = 512);

 private:
  Sequence sequence_;
  Pacer pacer_{0};
  Bytes in_, out_;
  std::size_t due_ = 0, longest_ = 0;  ///< bytes still to be clocked in
  unsigned divisor_ = 0, low_pins_ = 0;
  bool busy_ = false;

  /// How many bytes a command has; 0 for one that does not exist.
  static std::size_t length_of(unsigned command);
  void run(std::span<const std::byte> command);
};

}  // namespace lightseed::emulated
