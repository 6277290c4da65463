// SPDX-License-Identifier: Apache-2.0
#include "pipeline/planned_run.h"

#include <fmt/format.h>

#include <limits>

#include "core/error.h"

namespace lightseed {

double claim_of(const SourceInfo& info) {
  if (info.claim.bits_per_sample > 0) return info.claim.bits_per_sample;
  throw Error(Category::refused,
              fmt::format("{} makes no min-entropy claim, so nothing may be extracted from it; state "
                          "one with entropy=BITS_PER_SAMPLE if you can answer for it",
                          info.uri));
}

RunPlan planned_run(const KeyStreamSettings& settings, const SampleFormat& format, double bits_per_sample) {
  if (settings.bytes > std::numeric_limits<std::uint64_t>::max() / 8) {
    throw Error(Category::usage, fmt::format("{} bytes are more than one run can give (2^61 - 1)", settings.bytes));
  }
  RunRequest request{.bits_per_sample = bits_per_sample,
                     .format = format,
                     .wanted_bits = settings.bytes * 8,
                     .log2_epsilon = settings.log2_epsilon,
                     .block_bits = settings.block_bits};
  if (settings.seed) request.log2_seed_epsilon = settings.seed->log2_epsilon;
  const ExtractorKind& kind = extractor_kind(settings.extractor);
  return plan_run(kind, choose_shape(kind, request, settings.prefer));
}

std::uint64_t least_raw_samples(const KeyStreamSettings& settings, const SourceInfo& info) {
  const RunPlan plan = planned_run(settings, info.format, claim_of(info));
  const double all = static_cast<double>(plan.blocks) * static_cast<double>(plan.samples) +
                     static_cast<double>(settings.assessed_samples);
  constexpr double most = 0x1p63;
  return all < most ? plan.blocks * plan.samples + settings.assessed_samples : static_cast<std::uint64_t>(most);
}

}  // namespace lightseed
