#include "tests/bench/clock.h"

#include <algorithm>
#include <cstdint>
#include <ctime>

namespace lightseed::bench {
namespace {

double seconds() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

}  // namespace

double clock_hz() {
#if defined(__x86_64__)
  double best = 0;
  for (int attempt = 0; attempt < 25; ++attempt) {
    constexpr std::uint64_t steps = 200'000;
    constexpr std::uint64_t latency = 3;  // of a 64-bit product, on every x86-64 core of the last ten years
    std::uint64_t x = 3;
    const double start = seconds();
    for (std::uint64_t i = 0; i < steps / 8; ++i) {
      asm volatile(
          "imul %0, %0\n imul %0, %0\n imul %0, %0\n imul %0, %0\n"
          "imul %0, %0\n imul %0, %0\n imul %0, %0\n imul %0, %0"
          : "+r"(x));
    }
    best = std::max(best, static_cast<double>(steps * latency) / (seconds() - start));
  }
  return best;
#else
  return 0;
#endif
}

}  // namespace lightseed::bench
