// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <exception>

#include "driver/transport/ftdi_chip.h"
#include "driver/transport/session.h"

namespace lightseed {

/// The part of a Session that every device behind an FTDI chip shares: what its faults come down to.
class FtdiSession : public Session {
 public:
  bool clear_halt(const Patience& patience) override {
    chip().clear_halts();
    begin(patience);
    return true;
  }

  bool reset(const Patience&) override {
    chip().reset_port();
    return true;
  }

 protected:
  [[nodiscard]] virtual FtdiChip& chip() noexcept = 0;

  /// Leaves the mode the device's protocol needs: pins rest, and the system's own driver finds a UART again.
  void leave_mode() noexcept try {
    chip().set_mode(FtdiChip::Mode::reset, 0, Patience{}.within(std::chrono::milliseconds(100)));
  } catch (const std::exception&) {
    // It is gone, and its mode with it.
  }
};

}  // namespace lightseed
