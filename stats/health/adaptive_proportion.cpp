// SPDX-License-Identifier: Apache-2.0
#include "stats/health/adaptive_proportion.h"

#include <fmt/format.h>

#include "stats/health/count_equal.h"

namespace lightseed::health {
namespace {

/// Index of the sample that reaches the cut-off; nothing when all windows are good.
template <typename Sample>
std::optional<std::size_t> find_failure(std::span<const Sample> samples, std::size_t size,
                                        std::size_t cutoff) noexcept {
  for (std::size_t start = 0; start < samples.size(); start += size) {
    const auto window = samples.subspan(start, size);
    // Counting the whole window is one vector loop; only a failed one is walked for the place.
    if (count_equal(window, window.front()) < cutoff) continue;
    std::size_t seen = 0;
    for (std::size_t i = 0;; ++i) {
      if (window[i] == window.front() && ++seen == cutoff) return start + i;
    }
  }
  return std::nullopt;
}

}  // namespace

std::optional<Failure> AdaptiveProportion::feed(const Samples& samples) {
  const auto index = std::visit([this](auto span) { return find_failure(span, window_, cutoff_); }, samples);
  if (!index) return std::nullopt;
  return Failure{*index, fmt::format("a value came {} times in a window of {}", cutoff_, window_)};
}

HealthTestRecord AdaptiveProportion::record() const {
  return {.id = id, .window = window_, .cutoff = cutoff_, .alpha_log2 = rate_log2_};
}

}  // namespace lightseed::health
