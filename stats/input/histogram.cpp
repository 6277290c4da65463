// SPDX-License-Identifier: Apache-2.0
#include "stats/input/histogram.h"

#include <algorithm>

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
    for (; i + 4 <= now.size(); i += 4) {
      ++parts[0][now[i]];
      ++parts[1][now[i + 1]];
      ++parts[2][now[i + 2]];
      ++parts[3][now[i + 3]];
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
