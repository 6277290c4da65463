// SPDX-License-Identifier: Apache-2.0
#include "stats/input/histogram.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>

namespace lightseed::stats {

Histogram histogram(std::span<const std::uint8_t> bytes) {
  // Four tables: a run of one value would otherwise wait for its own counter at every step.
  std::array<std::array<std::uint32_t, 256>, 4> parts;
  constexpr std::size_t block = std::size_t{1} << 30;
  Histogram counts{};
  while (!bytes.empty()) {
    const auto now = bytes.first(std::min(bytes.size(), block));
    bytes = bytes.subspan(now.size());
    for (auto& part : parts)
      part.fill(0);
    std::size_t i = 0;
    // Eight with one load: the processor loads and stores counts as fast as it can.
    for (std::uint64_t eight = 0; i + sizeof eight <= now.size(); i += sizeof eight) {
      std::memcpy(&eight, now.data() + i, sizeof eight);
#pragma GCC unroll 8
      for (std::size_t k = 0; k < sizeof eight; ++k)
        ++parts[k % parts.size()][eight >> (8 * k) & 0xff];
    }
    for (; i < now.size(); ++i)
      ++parts[0][now[i]];
    for (std::size_t value = 0; value < counts.size(); ++value) {
      for (const auto& part : parts)
        counts[value] += part[value];
    }
  }
  return counts;
}

}  // namespace lightseed::stats
