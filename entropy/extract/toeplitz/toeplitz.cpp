// SPDX-License-Identifier: Apache-2.0
#include "entropy/extract/toeplitz/toeplitz.h"

#include <fmt/format.h>

#include "core/error.h"
#include "entropy/extract/linear_extractor.h"
#include "entropy/extract/seed.h"
#include "gf2/toeplitz_product/toeplitz_product.h"

namespace lightseed {
namespace {

struct FullMatrix {
  ToeplitzProduct product;
  FullMatrix(std::size_t rows, std::size_t columns, std::span<const std::uint64_t> seed, Target target)
      : product(rows, columns, seed, target) {}
  void multiply(std::span<const std::uint64_t> x, std::span<std::uint64_t> y) const { product.multiply(x, {}, y); }
};

ExtractorPlan plan_toeplitz(const ExtractionRequest& request) {
  validate(request);
  const std::size_t n = request.block_bits;
  ExtractorPlan plan =
      plan_by_leftover_hash("toeplitz", n, request, n, [](std::size_t bits, std::size_t m) { return bits + m - 1; });
  plan.shape.seed_bits = n + plan.shape.output_bits;
  return plan;
}

}  // namespace

std::unique_ptr<Extractor> make_toeplitz(std::size_t n, std::size_t m, std::span<const std::uint64_t> seed,
                                         Target target) {
  if (m < 1 || n < m) {
    throw Error(Category::usage,
                fmt::format("toeplitz needs n >= m >= 1 bits, not n = {}, m = {}; it cannot stretch", n, m));
  }
  require_seed("toeplitz", seed, n + m);
  return std::make_unique<LinearExtractor<FullMatrix>>("toeplitz", ExtractorShape{n, m, n + m}, m, n, seed, target);
}

ExtractorKind toeplitz_kind() {
  return {
      .name = "toeplitz",
      .summary = "a full Toeplitz matrix",
      .plan = plan_toeplitz,
      .make = make_by_sizes<make_toeplitz>,
      .work = [](const ExtractorShape& shape) { return ToeplitzProduct::work(shape.output_bits, shape.input_bits); },
      .matrix = [](const ExtractorShape& shape) { return std::pair(shape.output_bits, shape.input_bits); }};
}

}  // namespace lightseed
