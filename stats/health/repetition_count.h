#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iterator>
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
    if (samples.size() < 2 * std::size_t{cutoff_} || holds_run(samples)) return walk(samples);
    // No run completes within `samples` alone: only one that began before them could, and the last one goes on.
    for (std::size_t i = 0; samples[i] == previous_; ++i) {
      if (++run_ >= cutoff_) return i;
    }
    previous_ = samples.back();
    run_ = 1;
    for (std::size_t i = samples.size() - 1; samples[i - 1] == previous_; --i)
      ++run_;
    return std::nullopt;
  }

 private:
  std::uint32_t cutoff_;
  std::uint32_t run_ = 0;
  std::uint32_t previous_ = 0xffff'ffff;  ///< no sample has this value: they have at most 16 bits

  /// Sample by sample, as the standard writes it.
  template <typename Sample>
  std::optional<std::size_t> walk(std::span<const Sample> samples) noexcept {
    for (std::size_t i = 0; i < samples.size(); ++i) {
      run_ = samples[i] == previous_ ? run_ + 1 : 1;
      previous_ = samples[i];
      if (run_ >= cutoff_) return i;
    }
    return std::nullopt;
  }

  /// Some `cutoff` samples in a row are equal. All places are tried, but a vector of them at a time: each of the
  /// cutoff - 1 comparisons is one instruction for 16 to 64 places.
  template <typename Sample>
  [[nodiscard]] bool holds_run(std::span<const Sample> samples) const noexcept {
    constexpr std::size_t places = 64;
    const std::size_t comparisons = cutoff_ - 1;
    std::size_t start = 0;
    for (; start + places + comparisons <= samples.size(); start += places) {
      Sample all_equal[places];
      std::fill(std::begin(all_equal), std::end(all_equal), Sample{1});
      for (std::size_t j = 0; j < comparisons; ++j) {
        const Sample* const x = &samples[start + j];
        for (std::size_t i = 0; i < places; ++i) {
          all_equal[i] = static_cast<Sample>(all_equal[i] & (x[i] == x[i + 1] ? 1 : 0));
        }
      }
      Sample any = 0;
      for (const Sample one : all_equal)
        any = static_cast<Sample>(any | one);
      if (any != 0) return true;
    }
    for (std::uint32_t run = 1; start + 1 < samples.size(); ++start) {
      run = samples[start] == samples[start + 1] ? run + 1 : 1;
      if (run >= cutoff_) return true;
    }
    return false;
  }
};

}  // namespace lightseed::health
