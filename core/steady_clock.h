// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>

namespace lightseed {

/// The clock by which deadlines, silences and rates are measured: the system's steady clock.
///
/// A test may move it on, so that hours of silence take it no time. Whatever waits by this clock (core/wait.h) looks at
/// it every few milliseconds and so notices.
struct SteadyClock {
  using duration = std::chrono::steady_clock::duration;
  using rep = duration::rep;
  using period = duration::period;
  using time_point = std::chrono::steady_clock::time_point;
  static constexpr bool is_steady = true;

  [[nodiscard]] static time_point now() noexcept;

  /// For tests: every later now() of this process is `by` later. Never negative.
  static void move_on(duration by) noexcept;
};

}  // namespace lightseed
