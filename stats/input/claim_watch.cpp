// SPDX-License-Identifier: Apache-2.0
#include "stats/input/claim_watch.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "stats/input/forms/bit_groups.h"
#include "stats/input/forms/kinds.h"

namespace lightseed::stats {
namespace {

constexpr std::uint64_t samples_looked_at = 1'000'000;

std::unique_ptr<FormDecoder> decoder_for(unsigned bits) {
  if (bits % 8 != 0) return sample_forms::bit_groups(bits, false);
  return sample_forms::raw({.format = {.bits = bits, .container_bits = bits}}, {});
}

}  // namespace

ClaimWatch::ClaimWatch(unsigned bits, double claim)
    : bits_(bits), claim_(claim), decoder_(decoder_for(bits)), counts_(std::size_t{1} << bits) {}

ClaimWatch::~ClaimWatch() = default;

bool ClaimWatch::has_seen_enough() const noexcept {
  return samples_ >= samples_looked_at;
}

void ClaimWatch::look(std::span<const std::byte> bytes) {
  constexpr std::size_t step = 4096;
  std::vector<std::int64_t> samples;
  for (std::size_t at = 0; at < bytes.size() && !has_seen_enough(); at += step) {
    samples.clear();
    decoder_->decode(bytes.subspan(at, std::min(step, bytes.size() - at)), samples);
    for (const std::int64_t sample : samples)
      ++counts_[static_cast<std::size_t>(sample)];
    samples_ += samples.size();
  }
}

std::optional<std::string> ClaimWatch::fault() const {
  if (samples_ == 0) return std::nullopt;
  const auto mode = std::max_element(counts_.begin(), counts_.end());
  const double n = static_cast<double>(samples_);
  const double p = static_cast<double>(*mode) / n;
  const double surely = p - 6 * std::sqrt(p * (1 - p) / n);
  if (surely <= 0 || claim_ <= -std::log2(surely)) return std::nullopt;
  return fmt::format(
      "{:.3g} % of the first {} samples of {} bit{} are {}: a sample holds {:.3g} bits of min-entropy at "
      "most, not the {} that were promised",
      100 * p, samples_, bits_, bits_ == 1 ? "" : "s", mode - counts_.begin(), -std::log2(p) + 0.0, claim_);
}

}  // namespace lightseed::stats
