// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <cmath>
#include <cstdint>
#include <span>
#include <vector>

#include "driver/devices/infnoise/noise_monitor.h"

namespace {

using namespace lightseed::infnoise;

/// What healthy tables look like is found out once: a new monitor for each input would only ever be cold.
const NoiseMonitor& warm_monitor() {
  static const NoiseMonitor monitor = [] {
    NoiseMonitor made;
    std::uint64_t state = 1;
    std::array<std::byte, round_samples> samples{};
    while (!made.warm()) {
      for (std::byte& sample : samples) {
        state = state * 6364136223846793005U + 1442695040888963407U;
        sample = static_cast<std::byte>(state >> 56U);
      }
      (void)made.feed(samples);
    }
    return made;
  }();
  return monitor;
}

}  // namespace

/// Whatever an Infinite Noise's pins show, in rounds of any length: entropy is a number from 0, bits come out one for
/// eight, and 21 equal bits in a row are a fault. An odd first byte begins with a warm monitor.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  static thread_local NoiseMonitor monitor;
  // Copying the tables is most of the cost: only now and then.
  static thread_local unsigned inputs = 0;
  if (inputs++ % 256 == 0) monitor = (data[0] & 1U) != 0 ? warm_monitor() : NoiseMonitor();
  auto samples = std::as_bytes(std::span(data, size)).subspan(1);
  const std::size_t piece = 8 * (1 + data[0] / 4U);
  while (!samples.empty()) {
    const auto round = samples.first(std::min(piece, samples.size()));
    samples = samples.subspan(round.size());
    std::vector<std::byte> bits(round.size() / 8);
    raw_bits(round, bits);
    (void)monitor.feed(round);
    unsigned run = 0, worst = 0;
    for (std::size_t j = 0; j < round.size(); ++j) {
      const auto bit_at = [&](std::size_t i) {
        return (round[i] & std::byte(i % 2 == 0 ? 0x02 : 0x10)) != std::byte{};
      };
      run = j > 0 && bit_at(j) == bit_at(j - 1) ? run + 1 : 1;
      worst = std::max(worst, run);
      if (j / 8 < bits.size() && ((std::to_integer<unsigned>(bits[j / 8]) >> (7 - j % 8) & 1U) != 0) != bit_at(j)) {
        __builtin_trap();
      }
    }
    if (worst > LoopEntropy::longest_run && !monitor.fault()) __builtin_trap();
    if (!(monitor.entropy() >= 0) || !std::isfinite(monitor.entropy())) __builtin_trap();
  }
  (void)monitor.fault();
  return 0;
}
