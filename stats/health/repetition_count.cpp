// SPDX-License-Identifier: Apache-2.0
#include "stats/health/repetition_count.h"

#include <fmt/format.h>

namespace lightseed::health {
namespace {

/// Some `cutoff` samples in a row are equal; there are at least as many. They are cutoff - 1 pairs of equal neighbours
/// in a row, so that one is among every (cutoff - 1)th pair: only those are looked at, and what is around an equal one.
template <typename Sample>
bool holds_run(std::span<const Sample> samples, std::size_t cutoff) noexcept {
  const std::size_t step = cutoff - 1;
  for (std::size_t pair = step - 1; pair + 1 < samples.size(); pair += step) {
    if (samples[pair] != samples[pair + 1]) continue;
    std::size_t first = pair, end = pair + 2;
    while (end - first < cutoff && first > 0 && samples[first - 1] == samples[pair])
      --first;
    while (end - first < cutoff && end < samples.size() && samples[end] == samples[pair])
      ++end;
    if (end - first == cutoff) return true;
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
