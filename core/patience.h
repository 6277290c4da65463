// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <chrono>
#include <stop_token>

namespace lightseed {

/// How long a blocking call may take, and who may end it sooner.
struct Patience {
  std::stop_token stop{};
  std::chrono::steady_clock::time_point deadline = std::chrono::steady_clock::time_point::max();

  [[nodiscard]] bool stopped() const noexcept { return stop.stop_requested(); }
  [[nodiscard]] bool expired() const noexcept {
    return deadline != std::chrono::steady_clock::time_point::max() && std::chrono::steady_clock::now() >= deadline;
  }
  /// The same, but over after `limit` from now at the latest.
  [[nodiscard]] Patience within(std::chrono::milliseconds limit) const {
    return {stop, std::min(deadline, std::chrono::steady_clock::now() + limit)};
  }
};

}  // namespace lightseed
