// SPDX-License-Identifier: Apache-2.0
#include "stats/health/monitors/moments.h"

#include <algorithm>
#include <cstddef>
#include <cstring>

#include "core/clones.h"

namespace lightseed::health {
namespace {

struct Sums {
  std::uint64_t sum, squares;
};

/// Two bytes are a lane of sixteen bits, and their squares each are one, too; in stretches that fit the lanes of their
/// sums.
LIGHTSEED_CLONES("avx2") Sums sums_of(const std::uint8_t* samples, std::size_t count) {
  using Shorts = std::uint16_t __attribute__((vector_size(32)));
  using Longs = std::uint32_t __attribute__((vector_size(32)));
  constexpr std::size_t together = sizeof(Shorts), stretch = 128 * together;
  Sums all{0, 0};
  std::size_t i = 0;
  while (i + together <= count) {
    const std::size_t end = std::min(count / together * together, i + stretch);
    Shorts sum{};
    Longs squares{};
    for (; i < end; i += together) {
      Shorts pairs;
      std::memcpy(&pairs, samples + i, sizeof pairs);
      const Shorts low = pairs & 0xff, high = pairs >> 8;
      sum += low + high;
      const Shorts of_low = low * low, of_high = high * high;
      Longs a, b;
      std::memcpy(&a, &of_low, sizeof a);
      std::memcpy(&b, &of_high, sizeof b);
      squares += ((a & 0xffff) + (a >> 16)) + ((b & 0xffff) + (b >> 16));
    }
    for (std::size_t lane = 0; lane < together / 2; ++lane)
      all.sum += sum[lane];
    for (std::size_t lane = 0; lane < together / 4; ++lane)
      all.squares += squares[lane];
  }
  for (; i < count; ++i) {
    all.sum += samples[i];
    all.squares += std::uint32_t{samples[i]} * samples[i];
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
