#include "entropy/extract/toeplitz/toeplitz.h"

#include <fmt/format.h>

#include "core/bits.h"
#include "core/error.h"
#include "entropy/extract/seed.h"
#include "entropy/extract/toeplitz_product/toeplitz_product.h"

namespace lightseed {
namespace {

class Toeplitz final : public Extractor {
 public:
  Toeplitz(std::size_t n, std::size_t m, std::span<const std::uint64_t> seed, Target target)
      : shape_{n, m, n + m}, product_(m, n, seed, target) {}

  [[nodiscard]] std::string_view name() const noexcept override { return "toeplitz"; }
  [[nodiscard]] const ExtractorShape& shape() const noexcept override { return shape_; }

  std::size_t extract(std::span<const std::uint64_t> input, std::span<std::uint64_t> output) const override {
    product_.multiply(input, {}, output.first(words_for(shape_.output_bits)));
    return shape_.output_bits;
  }

 private:
  ExtractorShape shape_;
  ToeplitzProduct product_;
};

ExtractorPlan plan(const ExtractionRequest& request) {
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
  return std::make_unique<Toeplitz>(n, m, seed, target);
}

ExtractorKind toeplitz_kind() {
  return {"toeplitz", "a full Toeplitz matrix", plan,
          [](const ExtractorShape& shape, std::span<const std::uint64_t> seed, Target target) {
            return make_toeplitz(shape.input_bits, shape.output_bits, seed, target);
          },
          [](const ExtractorShape& shape) { return std::pair(shape.output_bits, shape.input_bits); }};
}

}  // namespace lightseed
