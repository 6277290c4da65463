// SPDX-License-Identifier: Apache-2.0
#include "entropy/extract/plan.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/error.h"
#include "entropy/extract/leftover_hash.h"

namespace lightseed {

std::string_view name_of(SideInformation side) noexcept {
  return side == SideInformation::classical ? "classical" : "quantum";
}

Json to_json(const ExtractorPlan& plan) {
  Json json{{"extractor", plan.extractor},
            {"input_bits", plan.shape.input_bits},
            {"output_bits", plan.shape.output_bits},
            {"most_output_bits", plan.most_bits},
            {"seed_bits", plan.shape.seed_bits},
            {"min_entropy_per_block", plan.min_entropy},
            {"efficiency", plan.efficiency()},
            {"log2_epsilon_block", plan.log2_epsilon},
            {"formula", plan.formula},
            {"source", plan.source},
            {"assumptions", plan.assumptions}};
  if (plan.log2_epsilon == 0) json["log2_epsilon_block"] = json["efficiency"] = nullptr;
  return json;
}

void validate(const ExtractionRequest& request) {
  const auto require = [](bool holds, const char* what, double value) {
    if (!holds) throw Error(Category::usage, fmt::format("{}, not {}", what, value));
  };
  require(request.block_bits >= 2 && request.block_bits <= std::size_t{1} << 32, "a block has from 2 to 2^32 raw bits",
          static_cast<double>(request.block_bits));
  require(request.entropy_per_bit > 0 && request.entropy_per_bit <= 1,
          "the min-entropy of a raw bit is above 0 and at most 1", request.entropy_per_bit);
  require(request.log2_epsilon >= -4000 && request.log2_epsilon < 0,
          "log2 of a block's epsilon lies between -4000 and 0", request.log2_epsilon);
  require(request.seed_entropy_per_bit > 0 && request.seed_entropy_per_bit <= 1,
          "the min-entropy of a seed bit is above 0 and at most 1", request.seed_entropy_per_bit);
  if (request.min_entropy) {
    require(*request.min_entropy > 0 && *request.min_entropy <= static_cast<double>(request.block_bits),
            "the min-entropy of a block is above 0 and at most its length", *request.min_entropy);
  }
  if (request.log2_smoothing) {
    require(*request.log2_smoothing >= -4000 && *request.log2_smoothing < 0,
            "log2 of the smoothing parameter lies between -4000 and 0", *request.log2_smoothing);
  }
}

double min_entropy_of(const ExtractionRequest& request, std::size_t n) noexcept {
  return request.min_entropy.value_or(request.entropy_per_bit * static_cast<double>(n));
}

double rounding_error(double magnitude) noexcept {
  return std::ldexp(magnitude, -50);
}

double log2_epsilon_after_smoothing(const ExtractionRequest& request) {
  if (!request.log2_smoothing) return request.log2_epsilon;
  const double share = 1 + *request.log2_smoothing - request.log2_epsilon;  // log2 of 2 eps_s / eps
  if (share >= 0) {
    throw Error(Category::refused,
                fmt::format("smoothing alone costs 2 x 2^{} = 2^{}, which leaves nothing of an epsilon of 2^{}",
                            *request.log2_smoothing, 1 + *request.log2_smoothing, request.log2_epsilon));
  }
  return request.log2_epsilon + std::log1p(-std::exp2(share)) / std::log(2);
}

void settle_output(ExtractorPlan& plan, const ExtractionRequest& request) {
  if (plan.most_bits == 0) {
    throw Error(Category::refused, fmt::format("{} can extract nothing from {} bits: {}", plan.extractor,
                                               plan.shape.input_bits, plan.formula));
  }
  if (request.output_bits) {
    if (*request.output_bits == 0 || *request.output_bits > plan.most_bits) {
      throw Error(Category::refused, fmt::format("{} allows 1 to {} output bits a block, not {}: {}", plan.extractor,
                                                 plan.most_bits, *request.output_bits, plan.formula));
    }
    plan.shape.output_bits = *request.output_bits;
  } else {
    plan.shape.output_bits = plan.most_bits >= 1024 ? plan.most_bits / 64 * 64 : plan.most_bits;
  }
}

ExtractorPlan plan_by_leftover_hash(std::string extractor, std::size_t n, const ExtractionRequest& request,
                                    std::size_t cap, std::size_t (*seed_bits)(std::size_t n, std::size_t m)) {
  ExtractorPlan plan;
  plan.extractor = std::move(extractor);
  plan.shape.input_bits = n;
  plan.min_entropy = min_entropy_of(request, n);
  plan.log2_epsilon = request.log2_epsilon;
  const double log2_epsilon = log2_epsilon_after_smoothing(request);
  const double lacking = 1 - request.seed_entropy_per_bit;
  const auto allowed = [&](std::size_t m) {
    return leftover_hash_output(plan.min_entropy - lacking * static_cast<double>(seed_bits(n, m)), log2_epsilon);
  };
  // The seed may grow with m, so that what is allowed shrinks: the largest m that allows itself.
  std::size_t low = 0;
  std::size_t high = cap;
  while (low < high) {
    const std::size_t middle = low + (high - low + 1) / 2;
    if (middle <= allowed(middle)) {
      low = middle;
    } else {
      high = middle - 1;
    }
  }
  plan.most_bits = low;
  plan.formula = fmt::format("m = floor(k + 2 log2 epsilon) = floor({:.6g} - {:.6g}), at most {}", plan.min_entropy,
                             -2 * log2_epsilon, cap);
  if (lacking > 0) {
    plan.formula = fmt::format(
        "m = floor(k + (k_seed - d) + 2 log2 epsilon) = floor({:.6g} - {:.6g} - {:.6g}), at most {}", plan.min_entropy,
        lacking * static_cast<double>(seed_bits(n, std::max<std::size_t>(low, 1))), -2 * log2_epsilon, cap);
  }
  if (request.log2_smoothing) {
    plan.formula +=
        fmt::format("; epsilon = 2^{:.6g} after 2 x 2^{} for smoothing", log2_epsilon, *request.log2_smoothing);
  }
  plan.source =
      "leftover hash lemma, quantum side information: arXiv:1002.2436; form without +2, weak seeds: arXiv:2402.09481";
  plan.assumptions = {"the seed is independent of the source and of the side information",
                      "each block has min-entropy k given all blocks before and the side information"};
  if (lacking == 0) plan.assumptions.emplace_back("the seed is uniform");
  settle_output(plan, request);
  return plan;
}

}  // namespace lightseed
