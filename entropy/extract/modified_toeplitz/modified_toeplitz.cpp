#include "entropy/extract/modified_toeplitz/modified_toeplitz.h"

#include <fmt/format.h>

#include "core/bits.h"
#include "core/error.h"
#include "entropy/extract/seed.h"
#include "entropy/extract/toeplitz_product/toeplitz_product.h"

namespace lightseed {
namespace {

class ModifiedToeplitz final : public Extractor {
 public:
  ModifiedToeplitz(std::size_t n, std::size_t m, std::span<const std::uint64_t> seed, Target target)
      : shape_{n, m, n}, product_(m, n - m, seed, target) {}

  [[nodiscard]] std::string_view name() const noexcept override { return "modified-toeplitz"; }
  [[nodiscard]] const ExtractorShape& shape() const noexcept override { return shape_; }

  std::size_t extract(std::span<const std::uint64_t> input, std::span<std::uint64_t> output) const override {
    const std::size_t columns = product_.columns();
    const std::size_t words = words_for(shape_.output_bits);
    if (columns % 64 == 0 && shape_.output_bits % 64 == 0) {
      product_.multiply(input, input.subspan(columns / 64, words), output.first(words));
    } else {
      output[words - 1] = 0;
      copy_bits(input, columns, output, 0, shape_.output_bits);
      product_.multiply(input, output.first(words), output.first(words));
    }
    return shape_.output_bits;
  }

 private:
  ExtractorShape shape_;
  ToeplitzProduct product_;
};

ExtractorPlan plan(const ExtractionRequest& request) {
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
  return std::make_unique<ModifiedToeplitz>(n, m, seed, target);
}

ExtractorKind modified_toeplitz_kind() {
  return {
      "modified-toeplitz", "(T | I): half the work of a Toeplitz matrix; the default", plan,
      [](const ExtractorShape& shape, std::span<const std::uint64_t> seed, Target target) {
        return make_modified_toeplitz(shape.input_bits, shape.output_bits, seed, target);
      },
      [](const ExtractorShape& shape) { return std::pair(shape.output_bits, shape.input_bits - shape.output_bits); }};
}

}  // namespace lightseed
