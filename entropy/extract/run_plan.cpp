// SPDX-License-Identifier: Apache-2.0
#include "entropy/extract/run_plan.h"

#include <fmt/format.h>

#include <bit>
#include <cmath>
#include <numeric>

#include "core/error.h"

namespace lightseed {
namespace {

constexpr double least_limit = -1000;  // leaves room for 2^64 blocks above the least epsilon of an account

/// Multiples of 2^-20 down to -4000 are exact doubles, and so are their differences from whole numbers.
double round_down(double log2_limit) {
  return std::ldexp(std::floor(std::ldexp(log2_limit, 20)), -20);
}

/// ceil(log2(blocks)).
double steps_for(std::uint64_t blocks) {
  return static_cast<double>(std::bit_width(blocks - 1));
}

void validate(const ExtractorKind& kind, const RunRequest& request) {
  if (!kind.seeded) {
    throw Error(Category::usage,
                fmt::format("{} has no seed and makes no promise: no keys are made with it", kind.name));
  }
  if (request.wanted_bits == 0 || !(request.log2_epsilon >= least_limit && request.log2_epsilon < 0)) {
    throw Error(Category::usage, fmt::format("a plan needs bits to make and an epsilon from 2^{} to below 1, not {} "
                                             "bits and 2^{}",
                                             least_limit, request.wanted_bits, request.log2_epsilon));
  }
  if (request.output_bits && (*request.output_bits == 0 || *request.output_bits % 8 != 0)) {
    throw Error(Category::usage, fmt::format("blocks of keys are whole bytes, not {} bits", *request.output_bits));
  }
  if (!(request.bits_per_sample >= 0 && request.bits_per_sample <= request.format.bits)) {
    throw Error(Category::usage, fmt::format("a sample of {} bits has a min-entropy from 0 to {}, not {}",
                                             request.format.bits, request.format.bits, request.bits_per_sample));
  }
}

/// What the blocks may use of the limit. A seed that is charged gets as much as all of them.
double limit_for_blocks(const RunRequest& request, double limit) {
  if (!request.log2_seed_epsilon) return limit;
  if (*request.log2_seed_epsilon <= limit - 1) return limit - 1;
  throw Error(Category::refused,
              fmt::format("the seed is within 2^{} of uniform; a promise of 2^{} needs one within half of that, 2^{}",
                          *request.log2_seed_epsilon, limit, limit - 1));
}

/// Whole samples that fill at most `n` bits, and whole bytes of them.
std::size_t samples_of_block(const SampleFormat& format, std::size_t n) {
  const std::size_t group = std::lcm<std::size_t>(format.container_bits, 8) / format.container_bits;
  return n / format.container_bits / group * group;
}

/// The plan of one block of `n` bits that holds `min_entropy`; whole bytes of output. Throws Error(refused).
ExtractorPlan plan_block(const ExtractorKind& kind, std::size_t n, double min_entropy, double log2_epsilon,
                         std::optional<std::size_t> output_bits) {
  if (!(min_entropy > 0)) throw Error(Category::refused, "there is nothing in it");
  ExtractionRequest block{.block_bits = n,
                          .entropy_per_bit = std::min(1.0, min_entropy / static_cast<double>(n)),
                          .min_entropy = min_entropy,
                          .log2_epsilon = log2_epsilon,
                          .output_bits = output_bits};
  ExtractorPlan plan = kind.plan(block);
  if (plan.shape.output_bits % 8 == 0) return plan;
  block.output_bits = plan.shape.output_bits / 8 * 8;
  if (*block.output_bits == 0) throw Error(Category::refused, "less than a byte comes out of it");
  return kind.plan(block);
}

}  // namespace

RunPlan plan_run(const ExtractorKind& kind, const RunRequest& request) {
  validate(kind, request);
  RunPlan plan;
  plan.request = request;
  plan.log2_epsilon_limit = round_down(request.log2_epsilon);
  const double limit = limit_for_blocks(request, plan.log2_epsilon_limit);
  const std::size_t n = kind.input_bits(request.block_bits);
  plan.samples = samples_of_block(request.format, n);
  const double min_entropy = request.bits_per_sample * static_cast<double>(plan.samples);
  plan.blocks = 1;
  for (;;) {
    try {
      plan.block = plan_block(kind, n, min_entropy, limit - steps_for(plan.blocks), request.output_bits);
    } catch (const Error& e) {
      if (e.category() != Category::refused) throw;
      throw Error(Category::refused,
                  fmt::format("nothing can be extracted: a block of {} samples at {} bits holds k = {:.1f} bits of "
                              "min-entropy, and {} blocks within 2^{:.6g} of uniform get 2^{:.6g} each: {}",
                              plan.samples, request.bits_per_sample, min_entropy, plan.blocks, limit,
                              limit - steps_for(plan.blocks), e.what()));
    }
    const std::uint64_t m = plan.block.shape.output_bits;
    const std::uint64_t needed = request.wanted_bits / m + (request.wanted_bits % m != 0 ? 1 : 0);
    if (needed <= plan.blocks) return plan;
    plan.blocks = needed;
  }
}

StringPlan plan_string(const ExtractorKind& kind, const ExtractionRequest& request, std::uint64_t raw_bits) {
  validate(request);
  StringPlan plan;
  const std::size_t n = kind.input_bits(request.block_bits);
  plan.blocks = std::max<std::uint64_t>(1, raw_bits / n);
  plan.log2_epsilon_limit = round_down(request.log2_epsilon);
  ExtractionRequest block = request;
  block.block_bits = n;
  block.log2_epsilon = plan.log2_epsilon_limit - steps_for(plan.blocks);
  plan.block = kind.plan(block);
  return plan;
}

ExtractionRecord record_of(const RunPlan& plan, ExtractorSeedRecord seed, const EpsilonAccount& account) {
  return {.extractor = plan.block.extractor,
          .block_bits = plan.request.block_bits,
          .bits_per_sample = plan.request.bits_per_sample,
          .wanted_bits = plan.request.wanted_bits,
          .log2_epsilon_limit = plan.log2_epsilon_limit,
          .input_bits = plan.block.shape.input_bits,
          .output_bits = plan.block.shape.output_bits,
          .samples = plan.samples,
          .min_entropy = plan.block.min_entropy,
          .blocks = plan.blocks,
          .log2_epsilon_block = plan.block.log2_epsilon,
          .seed = std::move(seed),
          .epsilon = account.record()};
}

}  // namespace lightseed
