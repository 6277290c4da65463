// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <deque>

#include "tests/emulated/serial_model.h"

namespace lightseed::emulated {

/// A TrueRNG Pro: its mode is the baud rate that follows the knock 110, 300, 110. Names of files and lines are those of
/// euler357/TrueRNG.
class EmulatedTrueRng final : public SerialModel {
 public:
  explicit EmulatedTrueRng(std::uint32_t run, double bytes_per_second = 0) : sequence_(run), pacer_(bytes_per_second) {}

  unsigned version = 2;  ///< of the Pro: the first knows no unwhitened mode

  bool hears_knocks = true;
  bool silent = false;
  bool sends_text = false;  ///< sends text, whatever its mode

  /// The host has set this baud rate.
  void line_coding(unsigned baud) override;
  void receive(std::span<const std::byte>, Clock::time_point) override {}
  Bytes send(std::size_t room, Clock::time_point now) override;

  [[nodiscard]] unsigned mode() const noexcept { return mode_; }

 private:
  Sequence sequence_;
  Pacer pacer_;
  std::deque<unsigned> rates_;
  unsigned mode_ = 38400;  ///< as another program left it: text
};

}  // namespace lightseed::emulated
