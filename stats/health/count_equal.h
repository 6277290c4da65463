// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>

namespace lightseed::health {

/// How often `value` comes. Counts in the samples' own width as long as that cannot overflow: the compiler then
/// compares and adds whole vectors, 16 to 64 samples an instruction.
template <typename Sample>
std::size_t count_equal(std::span<const Sample> samples, Sample value) noexcept {
  constexpr std::size_t safe = 192;  // a multiple of every vector length, below 256
  std::size_t total = 0;
  while (!samples.empty()) {
    const auto part = samples.first(std::min(safe, samples.size()));
    Sample count = 0;
    for (const Sample sample : part)
      count = static_cast<Sample>(count + (sample == value ? 1 : 0));
    total += count;
    samples = samples.subspan(part.size());
  }
  return total;
}

}  // namespace lightseed::health
