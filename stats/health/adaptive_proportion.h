#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "stats/health/count_equal.h"

namespace lightseed::health {

/// Adaptive proportion test, SP 800-90B 4.4.2: fails when the first value of a window comes `cutoff` times in it.
class AdaptiveProportion {
 public:
  AdaptiveProportion(std::uint32_t window, std::uint32_t cutoff) noexcept : window_(window), cutoff_(cutoff) {}

  [[nodiscard]] std::uint32_t window() const noexcept { return window_; }
  [[nodiscard]] std::uint32_t cutoff() const noexcept { return cutoff_; }

  /// Tests whole windows; `samples.size()` is a multiple of window(). Index of the sample that reaches the cut-off;
  /// nothing when all windows are good.
  template <typename Sample>
  [[nodiscard]] std::optional<std::size_t> find_failure(std::span<const Sample> samples) const noexcept {
    for (std::size_t start = 0; start < samples.size(); start += window_) {
      const auto window = samples.subspan(start, window_);
      // Counting the whole window is one vector loop; only a failed one is walked for the place.
      if (count_equal(window, window.front()) >= cutoff_) {
        std::uint32_t seen = 0;
        for (std::size_t i = 0;; ++i) {
          if (window[i] == window.front() && ++seen == cutoff_) return start + i;
        }
      }
    }
    return std::nullopt;
  }

 private:
  std::uint32_t window_;
  std::uint32_t cutoff_;
};

}  // namespace lightseed::health
