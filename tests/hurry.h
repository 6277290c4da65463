// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <thread>

#include "core/steady_clock.h"

namespace lightseed::test {

/// Moves the clock on for as long as it lives, a minute at a time.
inline std::jthread hurry() {
  return std::jthread([](const std::stop_token& stop) {
    while (!stop.stop_requested()) {
      SteadyClock::move_on(std::chrono::minutes(1));
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
  });
}

}  // namespace lightseed::test
