// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/clock.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <ctime>

namespace lightseed::bench {
namespace {

double seconds_of(clockid_t clock) {
  timespec now{};
  clock_gettime(clock, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

}  // namespace

double clock_hz() {
#if defined(__x86_64__)
  // The median: a clock read across an interruption of the virtual machine is off in either direction.
  std::array<double, 25> tries{};
  for (double& hz : tries) {
    constexpr std::uint64_t steps = 200'000;
    constexpr std::uint64_t latency = 3;  // of a 64-bit product, on every x86-64 core of the last ten years
    std::uint64_t x = 3;
    const double start = thread_cpu_seconds();
    for (std::uint64_t i = 0; i < steps / 8; ++i) {
      asm volatile(
          "imul %0, %0\n imul %0, %0\n imul %0, %0\n imul %0, %0\n"
          "imul %0, %0\n imul %0, %0\n imul %0, %0\n imul %0, %0"
          : "+r"(x));
    }
    hz = static_cast<double>(steps * latency) / (thread_cpu_seconds() - start);
  }
  std::ranges::nth_element(tries, tries.begin() + tries.size() / 2);
  return tries[tries.size() / 2];
#else
  return 0;
#endif
}

double thread_cpu_seconds() {
  return seconds_of(CLOCK_THREAD_CPUTIME_ID);
}

double process_cpu_seconds() {
  return seconds_of(CLOCK_PROCESS_CPUTIME_ID);
}

double wall_seconds() {
  return seconds_of(CLOCK_MONOTONIC);
}

}  // namespace lightseed::bench
