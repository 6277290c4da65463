// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <future>
#include <memory>
#include <optional>
#include <string>

#include "driver/source.h"
#include "driver/transport/session.h"

namespace lightseed {

/// How a SupervisedSource brings its device back.
struct Supervision {
  /// From a fault to giving up; within it the ladder is climbed and a re-plug is waited for.
  std::chrono::milliseconds give_up{2500};
  /// Thrown away after each recovery, before the first sample that counts; less where it would take a slow device
  /// more than a quarter of a second.
  std::size_t discard_bytes = 4096;
  /// This many good bytes after a recovery forgive it: the next fault begins at the bottom of the ladder again.
  std::size_t forgive_bytes = 256 * 1024;
  /// How often Session::check is called.
  std::chrono::milliseconds check_every{1000};
};

/// The Source every real device is: a Session, and the ladder that brings it back when it fails.
///
///   resume → clear the halt → initialise again → reset the device → open it again, wherever it was plugged
///
/// start() climbs the same ladder, from "initialise again". What the device says of itself after it was opened again
/// must be what it said first (unit_change.h), or the stream ends as `disconnected` with words that name the member.
///
/// A recovery runs beside the reader, whose deadlines hold meanwhile (ReadState::timeout). When it has helped, one
/// read reports `restarted`; when not, `disconnected` or `fault` stays until the next start().
class SupervisedSource final : public Source {
 public:
  /// Opens the device once, to know it. Throws Error(device).
  SupervisedSource(SourceInfo info, SessionOpener open, Supervision supervision, const Patience& patience);
  ~SupervisedSource() override;
  SupervisedSource(const SupervisedSource&) = delete;
  SupervisedSource& operator=(const SupervisedSource&) = delete;

  [[nodiscard]] const SourceInfo& info() const noexcept override { return info_; }
  void start(const Patience& patience) override;
  [[nodiscard]] Read read(std::span<std::byte> out, const Patience& patience) override;
  [[nodiscard]] Json status() override;
  void stop() noexcept override;

 private:
  enum class Rung { none, resume, clear_halt, initialise, reset, reopen };
  struct Outcome {
    Rung rung = Rung::none;  ///< the one that helped; none: the ladder ended
    Read read;
  };

  SourceInfo asked_;  ///< what the source's name says, before any device was opened
  SourceInfo info_;
  SessionOpener open_;
  Supervision supervision_;
  std::unique_ptr<Session> session_;
  bool running_ = false;
  std::optional<Read> ended_;

  std::future<Outcome> recovery_;
  std::stop_source recovery_stop_;
  Rung last_rung_ = Rung::none;
  std::size_t good_bytes_ = 0;
  SteadyClock::time_point next_check_{};
  std::uint64_t faults_ = 0, restarts_ = 0;
  std::string last_fault_;

  void open_first(const Patience& patience);
  void recover_start(const DeviceFault& fault, const Patience& patience);
  [[nodiscard]] std::size_t discard_bytes() const;
  static Rung first_rung(DeviceFault::Kind kind) noexcept;
  static const char* name_of(Rung rung) noexcept;
  void begin_recovery(const DeviceFault& fault);
  Read await_recovery(const Patience& patience);
  Outcome climb(DeviceFault fault, Rung rung, const Patience& patience);
  bool step(Rung rung, const Patience& patience);
  void discard_first(const Patience& patience);
  void reopen(const Patience& patience);
  Read end(ReadState state, std::string detail);
};

}  // namespace lightseed
