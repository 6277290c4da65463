// SPDX-License-Identifier: Apache-2.0
#include "pipeline/recommend.h"

#include <algorithm>
#include <bit>

#include "core/bits.h"
#include "core/error.h"
#include "core/secret_bytes.h"
#include "core/system_random.h"
#include "entropy/extract/measured_rate.h"
#include "entropy/extract/registry.h"

namespace lightseed {
namespace {

Candidate try_kind(const ExtractorKind& kind, const ExtractionRequest& request) try {
  Candidate candidate{.extractor = kind.name, .plan = kind.plan(request)};
  const ExtractorShape& shape = candidate.plan->shape;
  SecretBytes seed(words_for(shape.seed_bits) * sizeof(std::uint64_t));
  system_random(seed.bytes());
  candidate.raw_bits_per_second = measured_rate(*kind.make(shape, seed.words(), active_target()));
  return candidate;
} catch (const Error& error) {
  return {.extractor = kind.name, .plan = std::nullopt, .refused = error.what()};
}

}  // namespace

SharedRequest share_epsilon(ExtractionRequest request, std::uint64_t raw_bits) {
  SharedRequest shared;
  shared.blocks = std::max<std::uint64_t>(1, raw_bits / std::max<std::size_t>(1, request.block_bits) * 2);
  shared.log2_epsilon_total = request.log2_epsilon;
  request.log2_epsilon -= static_cast<double>(std::bit_width(shared.blocks - 1));
  shared.request = request;
  return shared;
}

Recommendation recommend_extractor(const ExtractionRequest& request, const std::stop_token& stop) {
  Recommendation result;
  double best_yield = 0;
  double best_rate = 0;
  for (const ExtractorKind& kind : extractors()) {
    if (stop.stop_requested()) throw Error(Category::interrupted, "interrupted");
    result.candidates.push_back(try_kind(kind, request));
    const Candidate& candidate = result.candidates.back();
    if (!candidate.is_seeded()) continue;
    const ExtractorShape& shape = candidate.plan->shape;
    const double yield = static_cast<double>(shape.output_bits) / static_cast<double>(shape.input_bits);
    const double rate = candidate.raw_bits_per_second;
    if (yield > best_yield * 1.01 || (yield > best_yield * 0.99 && rate > best_rate)) {
      result.best = kind.name;
      best_yield = yield;
      best_rate = rate;
    }
  }
  return result;
}

}  // namespace lightseed
