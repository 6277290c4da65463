// SPDX-License-Identifier: Apache-2.0
#include "entropy/extract/dodis/dodis.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/error.h"
#include "entropy/extract/linear_extractor.h"
#include "entropy/extract/seed.h"
#include "gf2/cyclic/cyclic_product.h"
#include "gf2/cyclic/primes.h"

namespace lightseed {
namespace {

bool fits(std::size_t n) noexcept {
  return is_prime(n) && two_is_primitive_root(n);
}

std::size_t dodis_input_bits(std::size_t block_bits) {
  std::size_t n = block_bits;
  while (n > 3 && !fits(n))
    --n;  // 3 fits
  if (n < 3) throw Error(Category::usage, "dodis needs blocks of at least 3 bits");
  return n;
}

ExtractorPlan plan_dodis(const ExtractionRequest& request) {
  validate(request);
  const std::size_t n = dodis_input_bits(request.block_bits);
  ExtractorPlan plan;
  plan.extractor = "dodis";
  plan.shape.input_bits = n;
  plan.shape.seed_bits = n;
  plan.log2_epsilon = request.log2_epsilon;
  plan.min_entropy = min_entropy_of(request, n);
  const double seed_entropy = request.seed_entropy_per_bit * static_cast<double>(n);
  const double log2_epsilon = log2_epsilon_after_smoothing(request);
  const double excess = plan.min_entropy + seed_entropy - static_cast<double>(n);
  const double error = rounding_error(plan.min_entropy + seed_entropy + static_cast<double>(n) - 8 * log2_epsilon);
  double bits = 0;
  if (request.side == SideInformation::classical) {
    bits = std::floor(excess + 1 + 2 * log2_epsilon - error);
    plan.formula =
        fmt::format("m = floor(k + k_seed - n + 1 + 2 log2 epsilon) = floor({:.6g} + {:.6g} - {} + 1 - {:.6g})",
                    plan.min_entropy, seed_entropy, n, -2 * log2_epsilon);
  } else {
    bits = std::floor(0.2 * (excess + 8 * log2_epsilon + 9 - 4 * std::log2(3)) - error);
    plan.formula = fmt::format(
        "m = floor((k + k_seed - n + 8 log2 epsilon + 9 - 4 log2 3) / 5) = floor(({:.6g} + {:.6g} - {} - {:.6g} + "
        "2.66) / 5)",
        plan.min_entropy, seed_entropy, n, -8 * log2_epsilon);
  }
  plan.most_bits = bits > 0 ? std::min(n - 1, static_cast<std::size_t>(bits)) : 0;
  plan.source =
      "Dodis et al., RANDOM 2004; strong, with classical or quantum Markov side information: arXiv:2402.09481";
  plan.assumptions = {"the seed is independent of the source given the side information; it may be weak",
                      "each block has min-entropy k given all blocks before and the side information"};
  settle_output(plan, request);
  return plan;
}

}  // namespace

std::unique_ptr<Extractor> make_dodis(std::size_t n, std::size_t m, std::span<const std::uint64_t> seed,
                                      Target target) {
  if (m < 1 || n < m || !fits(n)) {
    throw Error(Category::usage,
                fmt::format("dodis needs a prime n with 2 as a primitive root and n >= m >= 1, not n = {}, m = {}; "
                            "a plan takes the next n that fits",
                            n, m));
  }
  require_seed("dodis", seed, n);
  return std::make_unique<LinearExtractor<CyclicProduct>>("dodis", ExtractorShape{n, m, n}, m, n, n, seed, target);
}

ExtractorKind dodis_kind() {
  return {.name = "dodis",
          .summary = "two weak sources of equal length; n prime, 2 a primitive root",
          .input_bits = dodis_input_bits,
          .plan = plan_dodis,
          .make = make_by_sizes<make_dodis>};
}

}  // namespace lightseed
