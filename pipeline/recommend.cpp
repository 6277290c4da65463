// SPDX-License-Identifier: Apache-2.0
#include "pipeline/recommend.h"

#include "core/bits.h"
#include "core/error.h"
#include "core/secret_bytes.h"
#include "core/system_random.h"
#include "entropy/extract/measured_rate.h"
#include "entropy/extract/registry.h"
#include "entropy/extract/run_plan.h"

namespace lightseed {
namespace {

Candidate try_kind(const ExtractorKind& kind, const StringRequest& wanted) try {
  const StringPlan planned =
      plan_string(kind, choose_shape(kind, wanted.request, wanted.raw_bits, wanted.prefer), wanted.raw_bits);
  Candidate candidate{.extractor = kind.name,
                      .plan = planned.block,
                      .blocks = planned.blocks,
                      .log2_epsilon_total = planned.log2_epsilon_limit};
  const ExtractorShape& shape = candidate.plan->shape;
  SecretBytes seed(words_for(shape.seed_bits) * sizeof(std::uint64_t));
  system_random(seed.bytes());
  candidate.raw_bits_per_second = measured_rate(*kind.make(shape, seed.words(), active_target()));
  return candidate;
} catch (const Error& error) {
  Candidate none{.extractor = kind.name};
  none.refused = error.what();
  return none;
}

}  // namespace

Recommendation recommend_extractor(const StringRequest& wanted, const std::stop_token& stop) {
  Recommendation result;
  double best_yield = 0;
  double best_rate = 0;
  for (const ExtractorKind& kind : extractors()) {
    if (stop.stop_requested()) throw Error(Category::interrupted, "interrupted");
    result.candidates.push_back(try_kind(kind, wanted));
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
