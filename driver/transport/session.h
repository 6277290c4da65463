// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <span>

#include "core/json.h"
#include "core/patience.h"
#include "driver/source.h"
#include "driver/transport/device_fault.h"

namespace lightseed {

/// One opened device that speaks its protocol: what a folder of driver/devices/ implements.
///
/// SupervisedSource makes a Source of it. Every call obeys its Patience and throws DeviceFault for whatever the
/// device does wrong; Error(interrupted) when asked to stop. Used from one thread at a time, not always the same.
class Session {
 public:
  virtual ~Session() = default;

  /// Brings the device from any state to where read() yields fresh samples.
  virtual void begin(const Patience& patience) = 0;

  /// Fills `out` with samples; less, but whole samples, only when the patience ends.
  virtual std::size_t read(std::span<std::byte> out, const Patience& patience) = 0;

  /// Asks the device how it is. Called about once a second between reads; throws DeviceFault(alarm) when the
  /// device reports a failed health test.
  virtual void check(const Patience&) {}

  /// Ends what begin() began. The device may be gone.
  virtual void end() noexcept = 0;

  /// Lower rungs of the recovery ladder, for transports that have them: each returns false where it does nothing.
  /// After one that returns true the samples begin anew.
  virtual bool resume(const Patience&) { return false; }
  virtual bool clear_halt(const Patience&) { return false; }
  virtual bool reset(const Patience&) { return false; }

  /// Readings and counters worth keeping as evidence.
  [[nodiscard]] virtual Json status(const Patience&) { return Json::object(); }

 protected:
  Session() = default;
  Session(const Session&) = default;
  Session& operator=(const Session&) = default;
};

/// Opens the same device again, wherever on the bus it is now, and tells of it in `info`. Throws
/// DeviceFault(gone) while it is not there, Error(device) when it is and cannot be used.
using SessionOpener = std::function<std::unique_ptr<Session>(SourceInfo& info, const Patience& patience)>;

}  // namespace lightseed
