// SPDX-License-Identifier: Apache-2.0
#include "entropy/extract/modified_toeplitz/modified_toeplitz.h"

#include <fmt/format.h>

#include "core/bits.h"
#include "core/error.h"
#include "entropy/extract/linear_extractor.h"
#include "entropy/extract/seed.h"
#include "gf2/toeplitz_product/toeplitz_product.h"

namespace lightseed {
namespace {

/// (T | I): the identity's part of the input is what the product is added to.
class WithIdentity {
 public:
  WithIdentity(std::size_t rows, std::size_t columns, std::span<const std::uint64_t> seed, Target target)
      : product_(rows, columns, seed, target) {}

  void multiply(std::span<const std::uint64_t> x, std::span<std::uint64_t> y) const {
    const std::size_t rows = product_.rows();
    const std::size_t columns = product_.columns();
    if (columns % 64 == 0 && rows % 64 == 0) {
      product_.multiply(x, x.subspan(columns / 64, y.size()), y);
    } else {
      y.back() = 0;
      copy_bits(x, columns, y, 0, rows);
      product_.multiply(x, y, y);
    }
  }

  [[nodiscard]] std::size_t mask_input_bits() const noexcept { return product_.columns(); }
  void mask(std::span<const std::uint64_t> x, std::span<std::uint64_t> y) const { product_.multiply(x, {}, y); }

 private:
  ToeplitzProduct product_;
};

ExtractorPlan plan_modified_toeplitz(const ExtractionRequest& request) {
  validate(request);
  const std::size_t n = request.block_bits;
  ExtractorPlan plan = plan_by_leftover_hash("modified-toeplitz", n, request, n - 1,
                                             [](std::size_t bits, std::size_t) { return bits - 1; });
  plan.shape.seed_bits = n;
  return plan;
}

}  // namespace

std::unique_ptr<Extractor> make_modified_toeplitz(std::size_t n, std::size_t m, std::span<const std::uint64_t> seed,
                                                  Target target) {
  if (m < 1 || n <= m) {
    throw Error(Category::usage,
                fmt::format("modified-toeplitz needs n > m >= 1 bits, not n = {}, m = {}; it cannot stretch", n, m));
  }
  require_seed("modified-toeplitz", seed, n);
  return std::make_unique<LinearExtractor<WithIdentity>>("modified-toeplitz", ExtractorShape{n, m, n}, m, n - m, seed,
                                                         target);
}

ExtractorKind modified_toeplitz_kind() {
  return {.name = "modified-toeplitz",
          .summary = "(T | I): half the work of a Toeplitz matrix; the default",
          .plan = plan_modified_toeplitz,
          .make = make_by_sizes<make_modified_toeplitz>,
          .work =
              [](const ExtractorShape& shape) {
                return ToeplitzProduct::work(shape.output_bits, shape.input_bits - shape.output_bits);
              },
          .matrix =
              [](const ExtractorShape& shape) {
                return std::pair(shape.output_bits, shape.input_bits - shape.output_bits);
              }};
}

}  // namespace lightseed
