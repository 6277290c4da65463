// SPDX-License-Identifier: Apache-2.0
#include "entropy/extract/trevisan/trevisan.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/bits.h"
#include "core/error.h"
#include "core/secret_bytes.h"
#include "core/thread_scratch.h"
#include "entropy/extract/seed.h"
#include "entropy/extract/trevisan/horner.h"
#include "entropy/extract/trevisan/weak_design.h"
#include "gf2/gf128.h"

namespace lightseed {
namespace {

constexpr std::size_t field_bits = WeakDesign::set_size / 2;

class Trevisan final : public Extractor {
 public:
  Trevisan(std::size_t n, std::size_t m, const WeakDesign& design, std::span<const std::uint64_t> seed, Target target)
      : shape_{n, m, design.seed_bits()}, horner_(trevisan::horner_for(target)) {
    const std::size_t padded = (m + trevisan::batch - 1) / trevisan::batch * trevisan::batch;
    alphas_ = SecretBytes(padded * field_bits / 8);
    alphas_up_ = SecretBytes(padded * field_bits / 8);
    betas_ = SecretBytes(padded * field_bits / 8);
    for (std::size_t i = 0; i < m; ++i) {
      const std::vector<std::uint32_t> positions = design.positions(i);
      for (std::size_t k = 0; k < field_bits; ++k) {
        set_bit(alphas_.words(), i * field_bits + k, get_bit(seed, positions[k]));
        set_bit(betas_.words(), i * field_bits + k, get_bit(seed, positions[field_bits + k]));
      }
      const Gf128 up = Gf128{alphas_.words()[2 * i], alphas_.words()[2 * i + 1]} * Gf128{0, 1};
      alphas_up_.words()[2 * i] = up.low;
      alphas_up_.words()[2 * i + 1] = up.high;
    }
  }

  [[nodiscard]] std::string_view name() const noexcept override { return "trevisan"; }
  [[nodiscard]] const ExtractorShape& shape() const noexcept override { return shape_; }

  std::size_t extract(std::span<const std::uint64_t> input, std::span<std::uint64_t> output) const override {
    const std::size_t n = shape_.input_bits;
    const std::size_t chunks = (n + field_bits - 1) / field_bits;
    const std::span<std::uint64_t> x = thread_scratch<Trevisan>(chunks * field_bits / 64);
    std::fill(x.end() - 2, x.end(), 0);
    copy_bits(input, 0, x, 0, n);
    std::ranges::fill(output.first(words_for(shape_.output_bits)), 0);
    for (std::size_t i = 0; i < shape_.output_bits; i += trevisan::batch) {
      const std::size_t word = i * field_bits / 64;
      const std::uint64_t bits = horner_(x.data(), chunks, alphas_.words().data() + word,
                                         alphas_up_.words().data() + word, betas_.words().data() + word);
      output[i / 64] |= bits << i % 64;  // padding has beta = 0, so its bits are zero
    }
    return shape_.output_bits;
  }

 private:
  ExtractorShape shape_;
  trevisan::Horner horner_;
  SecretBytes alphas_, alphas_up_, betas_;
};

/// Field bits the one-bit code needs, before they are rounded up: log2 n + 2 log2(2 / e1), e1 = epsilon / m.
double needed_field_bits(std::size_t n, double m, double log2_epsilon) {
  return std::log2(static_cast<double>(n)) + 2 * (1 + std::log2(m) - log2_epsilon);
}

ExtractorPlan plan_trevisan(const ExtractionRequest& request) {
  validate(request);
  if (request.seed_entropy_per_bit < 1) {
    throw Error(Category::refused,
                "trevisan is planned for uniform seeds only; take circulant or a Toeplitz matrix for a "
                "weak seed");
  }
  const std::size_t n = request.block_bits;
  ExtractorPlan plan;
  plan.extractor = "trevisan";
  plan.shape.input_bits = n;
  plan.min_entropy = min_entropy_of(request, n);
  plan.log2_epsilon = request.log2_epsilon;
  const double log2_epsilon = log2_epsilon_after_smoothing(request);
  // k >= r m + 4 log2(1 / e1) + 6 with r = 1 and e1 = epsilon / m.
  const auto fits = [&](std::size_t m) {
    const auto bits = static_cast<double>(m);
    const double needed = bits + 4 * (std::log2(bits) - log2_epsilon) + 6;
    const double field = needed_field_bits(n, bits, log2_epsilon);
    return needed + rounding_error(needed) <= plan.min_entropy &&
           field + rounding_error(field) <= static_cast<double>(field_bits);
  };
  std::size_t low = 0;
  std::size_t high = n;
  while (low < high) {
    const std::size_t middle = low + (high - low + 1) / 2;
    if (fits(middle)) {
      low = middle;
    } else {
      high = middle - 1;
    }
  }
  plan.most_bits = low;
  plan.formula = fmt::format(
      "m + 4 log2(m / epsilon) + 6 <= k = {:.6g} with log2 epsilon = {:.6g}, and log2 n + 2 log2(2 m / epsilon) <= {} "
      "field bits (m = 1 needs {})",
      plan.min_entropy, log2_epsilon, field_bits, std::ceil(needed_field_bits(n, 1, log2_epsilon)));
  plan.source =
      "De, Portmann, Vidick, Renner, SIAM J. Comput. 41 (2012) 915; Mauerer, Portmann, Scholz, arXiv:1212.0520";
  plan.assumptions = {"the seed is uniform, independent of the source and of the side information",
                      "each block has min-entropy k given all blocks before and the side information"};
  settle_output(plan, request);
  plan.shape.seed_bits = WeakDesign(plan.shape.output_bits).seed_bits();
  return plan;
}

}  // namespace

std::unique_ptr<Extractor> make_trevisan(std::size_t n, std::size_t m, std::span<const std::uint64_t> seed,
                                         Target target) {
  if (m < 1 || n < m) {
    throw Error(Category::usage, fmt::format("trevisan needs n >= m >= 1 bits, not n = {}, m = {}", n, m));
  }
  const WeakDesign design(m);
  require_seed("trevisan", seed, design.seed_bits());
  return std::make_unique<Trevisan>(n, m, design, seed, target);
}

ExtractorKind trevisan_kind() {
  return {.name = "trevisan",
          .summary = "a seed longer than the block up to some 3 million bits, shorter from there on; slow",
          .plan = plan_trevisan,
          .make = make_by_sizes<make_trevisan>};
}

}  // namespace lightseed
