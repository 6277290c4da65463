// SPDX-License-Identifier: Apache-2.0
#include "core/wait.h"

#include <catch2/catch.hpp>
#include <thread>

#include "tests/hurry.h"

using namespace lightseed;
using test::hurry;
using namespace std::chrono_literals;

TEST_CASE("The clock goes on by itself, and as far as a test moves it") {
  const auto before = SteadyClock::now();
  SteadyClock::move_on(24h);
  const auto after = SteadyClock::now();
  CHECK(after - before >= 24h);
  const auto system = std::chrono::steady_clock::now();
  CHECK(after > system);
  CHECK(SteadyClock::now() >= after);
}

TEST_CASE("A pause of hours ends with a clock that is moved on, and at once when somebody asks to stop") {
  {
    const auto hand = hurry();
    const Patience hours = Patience{}.within(5h);
    pause(hours);
    CHECK(hours.expired());
  }
  std::stop_source stop;
  stop.request_stop();
  pause({.stop = stop.get_token()});
  pause({.deadline = SteadyClock::time_point::min()});
}

TEST_CASE("Waiting ends with what is waited for, with the patience, or with a stop") {
  std::mutex mutex;
  std::condition_variable_any changed;
  std::unique_lock lock(mutex);
  bool happened = false;
  {
    const std::jthread other([&] {
      const std::lock_guard own(mutex);
      happened = true;
      changed.notify_all();
    });
    CHECK(wait_for(changed, lock, {}, [&] { return happened; }));
    lock.unlock();
  }
  lock.lock();
  const auto never = [] { return false; };
  CHECK(wait_for(changed, lock, {.deadline = SteadyClock::time_point::min()}, [&] { return happened; }));
  CHECK_FALSE(wait_for(changed, lock, {.deadline = SteadyClock::time_point::min()}, never));
  const auto hand = hurry();
  CHECK_FALSE(wait_for(changed, lock, Patience{}.within(1h), never));
  std::stop_source stop;
  stop.request_stop();
  CHECK_FALSE(wait_for(changed, lock, {.stop = stop.get_token()}, never));
}

TEST_CASE("What is left of a patience is never negative, and no more than one can use") {
  CHECK(Patience{}.left(20ms) == 20ms);
  CHECK(Patience{.deadline = SteadyClock::time_point::min()}.left(20ms) == 0ms);
  CHECK(Patience{}.within(1h).left(20ms) == 20ms);
  const auto left = Patience{}.within(1h).left(24h);
  CHECK(left > 0ms);
  CHECK(left <= 1h);
}
