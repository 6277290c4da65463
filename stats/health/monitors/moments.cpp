// SPDX-License-Identifier: Apache-2.0
#include "stats/health/monitors/moments.h"

#include <algorithm>
#include <cstddef>

#include "core/clones.h"

namespace lightseed::health {
namespace {

struct Sums {
  std::uint64_t sum, squares;
};

// In stretches that fit 32-bit sums: the compiler then adds eight lanes at a time.
LIGHTSEED_CLONES("avx2") Sums sums_of(const std::uint8_t* samples, std::size_t count) {
  constexpr std::size_t stretch = 32768;
  Sums all{0, 0};
  for (std::size_t begin = 0; begin < count; begin += stretch) {
    const std::size_t end = std::min(count, begin + stretch);
    std::uint32_t sum = 0, squares = 0;
    for (std::size_t i = begin; i < end; ++i) {
      const std::uint32_t x = samples[i];
      sum += x;
      squares += x * x;
    }
    all.sum += sum;
    all.squares += squares;
  }
  return all;
}

LIGHTSEED_CLONES("avx2") Sums sums_of(const std::uint16_t* samples, std::size_t count) {
  Sums all{0, 0};
  for (std::size_t i = 0; i < count; ++i) {
    const std::uint32_t x = samples[i];
    all.sum += x;
    all.squares += x * x;  // below 2^32
  }
  return all;
}

}  // namespace

void Moments::add(std::span<const std::uint8_t> samples) noexcept {
  const Sums sums = sums_of(samples.data(), samples.size());
  sum_ += sums.sum;
  squares_ += sums.squares;
}

void Moments::add(std::span<const std::uint16_t> samples) noexcept {
  const Sums sums = sums_of(samples.data(), samples.size());
  sum_ += sums.sum;
  squares_ += sums.squares;
}

}  // namespace lightseed::health
