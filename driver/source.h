// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "core/json.h"
#include "core/patience.h"
#include "evidence/source_info.h"

namespace lightseed {

/// How a read ended. Only `ok` promises progress; everything else is an event a running stream lives with.
enum class ReadState {
  ok,            ///< the bytes asked for, or fewer: ask again
  end_of_data,   ///< a recording is over
  timeout,       ///< the deadline passed
  stopped,       ///< somebody asked to stop
  restarted,     ///< the device failed and was brought back: drop the block in hand, run the start-up test, ask again
  alarm,         ///< the device's own health test failed
  disconnected,  ///< the device is gone
  fault,         ///< the device answers nonsense, and bringing it back did not help
};

/// "ok", "end-of-data", …
std::string_view name_of(ReadState state) noexcept;

struct Read {
  /// Bytes written to the front of the span: whole samples, valid whatever the state. Always 0 with `restarted`,
  /// `alarm`, `disconnected` and `fault`: no sample of a block that straddles a fault is ever handed on.
  std::size_t bytes = 0;
  ReadState state = ReadState::ok;
  std::string detail{};  ///< for every state but ok: what happened, in words
};

/// Something that yields raw samples: a device, a simulator, a recording.
///
/// start() once, then read() until done, then stop(); stop() twice is harmless, the destructor stops.
/// A source is used from one thread at a time. `alarm`, `disconnected` and `fault` are final until the next start().
class Source {
 public:
  virtual ~Source() = default;

  [[nodiscard]] virtual const SourceInfo& info() const noexcept = 0;

  /// Makes the source deliver. After stop() it may be started again: a restart as in SP 800-90B 3.1.4.
  /// Throws Error(device) or Error(io).
  virtual void start(const Patience& patience) = 0;

  /// Fills `out` with raw samples as info().format describes; out.size() is a multiple of the container size.
  [[nodiscard]] virtual Read read(std::span<std::byte> out, const Patience& patience) = 0;

  /// Readings worth keeping as evidence (temperature, error counters); empty object where there are none.
  [[nodiscard]] virtual Json status() { return Json::object(); }

  virtual void stop() noexcept = 0;

  /// A read may have to wait: for a device, a program, a line. A file and what is computed keep nobody waiting.
  [[nodiscard]] virtual bool waits() const noexcept { return true; }

 protected:
  Source() = default;
  Source(const Source&) = default;
  Source& operator=(const Source&) = default;
};

}  // namespace lightseed
