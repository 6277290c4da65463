// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <chrono>
#include <stop_token>

#include "core/steady_clock.h"

namespace lightseed {

/// How long a blocking call may take, and who may end it sooner.
struct Patience {
  std::stop_token stop{};
  SteadyClock::time_point deadline = SteadyClock::time_point::max();

  [[nodiscard]] bool stopped() const noexcept { return stop.stop_requested(); }
  [[nodiscard]] bool expired() const noexcept {
    return deadline != SteadyClock::time_point::max() && SteadyClock::now() >= deadline;
  }
  /// What is left of it: none when it is over, `most` at the most.
  [[nodiscard]] SteadyClock::duration left(SteadyClock::duration most) const noexcept {
    const auto now = SteadyClock::now();
    return deadline <= now ? SteadyClock::duration{} : std::min(most, deadline - now);
  }
  /// The same, but over after `limit` from now at the latest.
  [[nodiscard]] Patience within(std::chrono::milliseconds limit) const {
    return {stop, std::min(deadline, SteadyClock::now() + limit)};
  }
};

}  // namespace lightseed
