// SPDX-License-Identifier: Apache-2.0
#include "provision/edition_1/plan.h"

#include <fmt/format.h>

#include <bit>

#include "core/error.h"
#include "entropy/extract/leftover_hash.h"

namespace lightseed::edition_1 {

ExtractionPlan plan_extraction(double bits_per_sample, const SampleFormat& format, std::uint64_t total_bits,
                               int log2_epsilon, std::size_t input_bits) {
  if (total_bits == 0 || log2_epsilon > -1 || log2_epsilon < -1000) {
    throw Error(Category::usage, "a plan needs bits to make and an epsilon between 2^-1000 and 2^-1");
  }
  ExtractionPlan plan;
  plan.input_bits = input_bits;
  plan.samples = input_bits / format.container_bits;
  plan.bits_per_sample = bits_per_sample;
  plan.min_entropy = bits_per_sample * static_cast<double>(plan.samples);
  plan.log2_epsilon_limit = log2_epsilon;
  // More blocks need a smaller epsilon each, which makes blocks shorter and more: a step or two to the fixed point.
  for (plan.blocks = 1;;) {
    const auto extra = static_cast<int>(std::bit_width(plan.blocks - 1));  // ceil(log2(blocks))
    plan.log2_epsilon_block = log2_epsilon - extra;
    plan.output_bits = leftover_hash_output(plan.min_entropy, plan.log2_epsilon_block) / 64 * 64;
    // n - m rows of the hash are needed as well; a claim can never be that good.
    if (plan.output_bits == 0 || plan.output_bits >= input_bits) {
      throw Error(Category::refused,
                  fmt::format("nothing can be extracted: a block of {} samples at {} bits holds k = {:.1f} bits of "
                              "min-entropy, and k + 2 log2(epsilon) = {:.1f} - {} leaves no whole 64-bit word below "
                              "n = {}",
                              plan.samples, bits_per_sample, plan.min_entropy, plan.min_entropy,
                              -2 * plan.log2_epsilon_block, input_bits));
    }
    const std::uint64_t needed = (total_bits + plan.output_bits - 1) / plan.output_bits;
    if (needed <= plan.blocks) return plan;
    plan.blocks = needed;
  }
}

}  // namespace lightseed::edition_1
