// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <stdexcept>
#include <string>

namespace lightseed {

/// Something went wrong with an open device. Never leaves the driver: SupervisedSource climbs the recovery
/// ladder from the rung that suits, or ends the stream with a ReadState.
class DeviceFault : public std::runtime_error {
 public:
  enum class Kind {
    transient,  ///< one transfer failed (a bit error on the cable): ask again
    stall,      ///< the endpoint is halted: clear the halt, ask again
    silence,    ///< nothing came for too long
    protocol,   ///< the device answered nonsense
    gone,       ///< unplugged, or fallen off the bus
    changed,    ///< what is plugged in now is not what it was: the stream ends
    alarm,      ///< the device reports that its own health test failed: never recovered silently
  };

  DeviceFault(Kind kind, const std::string& message) : std::runtime_error(message), kind_(kind) {}

  [[nodiscard]] Kind kind() const noexcept { return kind_; }

 private:
  Kind kind_;
};

}  // namespace lightseed
