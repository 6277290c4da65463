// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>

#include "core/patience.h"

namespace lightseed {

/// Waits until `predicate` holds, or `patience` ends: at its deadline, or when somebody asks to stop. Returns what the
/// predicate then says.
template <typename Predicate>
bool wait_for(std::condition_variable_any& changed, std::unique_lock<std::mutex>& lock, const Patience& patience,
              Predicate predicate) {
  // Slices, because the clock may be moved while we wait.
  constexpr SteadyClock::duration slice = std::chrono::milliseconds(20);
  while (!predicate()) {
    if (patience.stopped() || patience.expired()) return false;
    changed.wait_for(lock, patience.stop, patience.left(slice), predicate);
  }
  return true;
}

/// Sleeps until `patience` ends.
void pause(const Patience& patience);

}  // namespace lightseed
