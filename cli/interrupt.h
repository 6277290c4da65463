// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <stop_token>
#include <thread>

namespace lightseed::cli {

/// Turns the first SIGINT, SIGTERM or SIGHUP into a stop request; a second one ends the process at once with exit code
/// 130, whatever the other threads do.
///
/// The signals are blocked in every thread, so that no system call of a driver is cut short, and taken one by one by a
/// thread of their own. A signal that was ignored when the process began stays ignored: nohup and background jobs mean
/// it so. Make it before any other thread: they inherit the blocked signals.
class Interrupt {
 public:
  Interrupt();
  ~Interrupt();
  Interrupt(const Interrupt&) = delete;
  Interrupt& operator=(const Interrupt&) = delete;

  [[nodiscard]] std::stop_token token() const noexcept { return source_.get_token(); }

 private:
  std::stop_source source_;
  std::jthread watcher_;
};

}  // namespace lightseed::cli
