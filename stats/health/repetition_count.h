#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

namespace lightseed::health {

/// Repetition count test, SP 800-90B 4.4.1: fails when a value comes `cutoff` times in a row.
/// The run goes on over calls to find_failure(): samples are one stream.
class RepetitionCount {
 public:
  explicit RepetitionCount(std::uint32_t cutoff) noexcept : cutoff_(cutoff) {}

  [[nodiscard]] std::uint32_t cutoff() const noexcept { return cutoff_; }

  /// Index in `samples` of the one that completes a run of `cutoff`; nothing when all are good.
  template <typename Sample>
  std::optional<std::size_t> find_failure(std::span<const Sample> samples) noexcept {
    // Copies in registers: through `this` every sample would cost a store.
    std::uint32_t run = run_;
    std::uint32_t previous = previous_;
    for (std::size_t i = 0; i < samples.size(); ++i) {
      const std::uint32_t sample = samples[i];
      run = sample == previous ? run + 1 : 1;
      previous = sample;
      if (run >= cutoff_) return i;
    }
    run_ = run;
    previous_ = previous;
    return std::nullopt;
  }

 private:
  std::uint32_t cutoff_;
  std::uint32_t run_ = 0;
  std::uint32_t previous_ = 0xffff'ffff;  ///< no sample has this value: they have at most 16 bits
};

}  // namespace lightseed::health
