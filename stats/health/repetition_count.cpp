// SPDX-License-Identifier: Apache-2.0
#include "stats/health/repetition_count.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

namespace lightseed::health {
namespace {

/// Some `cutoff` samples in a row are equal; there are at least as many. All places are tried, but a vector of them at
/// a time: each of the cutoff - 1 comparisons is one instruction for 16 to 64 places.
template <typename Sample>
bool holds_run(std::span<const Sample> samples, std::size_t cutoff) noexcept {
  constexpr std::size_t places = 64;
  const std::size_t comparisons = cutoff - 1;
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
  for (std::size_t run = 1; start + 1 < samples.size(); ++start) {
    run = samples[start] == samples[start + 1] ? run + 1 : 1;
    if (run >= cutoff) return true;
  }
  return false;
}

}  // namespace

void RepetitionCount::restart() {
  run_ = 0;
  previous_ = 0xffff'ffff;
}

std::optional<Failure> RepetitionCount::feed(const Samples& samples) {
  const auto index = std::visit([this](auto span) { return find_failure(span); }, samples);
  if (!index) return std::nullopt;
  return Failure{*index, fmt::format("a value came {} times in a row", cutoff_)};
}

HealthTestRecord RepetitionCount::record() const {
  return {.id = id, .window = 1, .cutoff = cutoff_, .alpha_log2 = rate_log2_};
}

/// Index of the sample that completes a run of `cutoff_`; nothing when all are good.
template <typename Sample>
std::optional<std::size_t> RepetitionCount::find_failure(std::span<const Sample> samples) noexcept {
  if (samples.size() / 2 < cutoff_ || holds_run(samples, cutoff_)) return walk(samples);
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

/// Sample by sample, as the standard writes it.
template <typename Sample>
std::optional<std::size_t> RepetitionCount::walk(std::span<const Sample> samples) noexcept {
  for (std::size_t i = 0; i < samples.size(); ++i) {
    run_ = samples[i] == previous_ ? run_ + 1 : 1;
    previous_ = samples[i];
    if (run_ >= cutoff_) return i;
  }
  return std::nullopt;
}

}  // namespace lightseed::health
