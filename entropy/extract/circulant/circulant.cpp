// SPDX-License-Identifier: Apache-2.0
#include "entropy/extract/circulant/circulant.h"

#include <fmt/format.h>

#include "core/error.h"
#include "entropy/extract/linear_extractor.h"
#include "entropy/extract/seed.h"
#include "gf2/cyclic/cyclic_product.h"
#include "gf2/cyclic/primes.h"

namespace lightseed {
namespace {

std::size_t input_bits(std::size_t block_bits) {
  std::size_t n = block_bits;
  while (n > 2 && (!is_prime(n + 1) || !two_is_primitive_root(n + 1)))
    --n;  // 3 fits
  return n;
}

ExtractorPlan plan_circulant(const ExtractionRequest& request) {
  validate(request);
  const std::size_t n = input_bits(request.block_bits);
  ExtractorPlan plan =
      plan_by_leftover_hash("circulant", n, request, n, [](std::size_t bits, std::size_t) { return bits + 1; });
  plan.shape.seed_bits = n + 1;
  plan.source =
      "arXiv:2402.09481, the same for quantum product and Markov sources; two-universal because 2 is a primitive root "
      "of "
      "n + 1 (docs/extractors.md)";
  return plan;
}

}  // namespace

std::unique_ptr<Extractor> make_circulant(std::size_t n, std::size_t m, std::span<const std::uint64_t> seed,
                                          Target target) {
  if (m < 1 || n < m || !is_prime(n + 1)) {
    throw Error(Category::usage,
                fmt::format("circulant needs n + 1 prime and n >= m >= 1, not n = {}, m = {}; a plan takes the next n "
                            "that fits",
                            n, m));
  }
  require_seed("circulant", seed, n + 1);
  return std::make_unique<LinearExtractor<CyclicProduct>>("circulant", ExtractorShape{n, m, n + 1}, m, n, n + 1, seed,
                                                          target);
}

ExtractorKind circulant_kind() {
  return {.name = "circulant",
          .summary = "a seed hardly longer than the block, which may be weak; n + 1 prime, 2 a primitive root",
          .input_bits = input_bits,
          .plan = plan_circulant,
          .make = make_by_sizes<make_circulant>};
}

}  // namespace lightseed
