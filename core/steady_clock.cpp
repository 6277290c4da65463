// SPDX-License-Identifier: Apache-2.0
#include "core/steady_clock.h"

#include <atomic>

namespace lightseed {
namespace {

std::atomic<SteadyClock::rep> moved{0};

}  // namespace

SteadyClock::time_point SteadyClock::now() noexcept {
  return std::chrono::steady_clock::now() + duration(moved.load(std::memory_order_relaxed));
}

void SteadyClock::move_on(duration by) noexcept {
  moved.fetch_add(by.count(), std::memory_order_relaxed);
}

}  // namespace lightseed
