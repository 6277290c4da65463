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

constexpr std::size_t narrow_field = WeakDesign::narrow / 2, wide_field = WeakDesign::wide / 2;
constexpr std::size_t unused_bits = 64;  // of a wide seed

class Trevisan final : public Extractor {
 public:
  Trevisan(const ExtractorShape& shape, const WeakDesign& design, std::size_t field_bits,
           std::span<const std::uint64_t> seed, Target target)
      : shape_(shape),
        field_bits_(field_bits),
        horner_(trevisan::horner_for(target)),
        horner_wide_(trevisan::horner_wide_for(target)) {
    const std::size_t m = shape.output_bits;
    const std::size_t padded = (m + trevisan::batch - 1) / trevisan::batch * trevisan::batch;
    alphas_ = SecretBytes(padded * field_bits / 8);
    betas_ = SecretBytes(padded * field_bits / 8);
    for (std::size_t i = 0; i < m; ++i) {
      const std::vector<std::uint32_t> positions = design.positions(i);
      for (std::size_t k = 0; k < field_bits; ++k) {
        set_bit(alphas_.words(), i * field_bits + k, get_bit(seed, positions[k]));
        set_bit(betas_.words(), i * field_bits + k, get_bit(seed, positions[field_bits + k]));
      }
    }
    if (field_bits == wide_field) return;
    alphas_up_ = SecretBytes(padded * field_bits / 8);
    for (std::size_t i = 0; i < m; ++i) {
      const Gf128 up = Gf128{alphas_.words()[2 * i], alphas_.words()[2 * i + 1]} * Gf128{0, 1};
      alphas_up_.words()[2 * i] = up.low;
      alphas_up_.words()[2 * i + 1] = up.high;
    }
  }

  [[nodiscard]] std::string_view name() const noexcept override { return "trevisan"; }
  [[nodiscard]] const ExtractorShape& shape() const noexcept override { return shape_; }

  std::size_t extract(std::span<const std::uint64_t> input, std::span<std::uint64_t> output) const override {
    const std::size_t n = shape_.input_bits;
    const std::size_t chunks = (n + field_bits_ - 1) / field_bits_;
    const std::span<std::uint64_t> x = thread_scratch<Trevisan>(chunks * field_bits_ / 64);
    std::ranges::fill(x.last(field_bits_ / 64), 0);
    copy_bits(input, 0, x, 0, n);
    std::ranges::fill(output.first(words_for(shape_.output_bits)), 0);
    for (std::size_t i = 0; i < shape_.output_bits; i += trevisan::batch) {
      const std::size_t word = i * field_bits_ / 64;
      const std::uint64_t* const alpha = alphas_.words().data() + word;
      const std::uint64_t* const beta = betas_.words().data() + word;
      const std::uint64_t bits = field_bits_ == wide_field
                                     ? horner_wide_(x.data(), chunks, alpha, beta)
                                     : horner_(x.data(), chunks, alpha, alphas_up_.words().data() + word, beta);
      output[i / 64] |= bits << i % 64;  // padding has beta = 0, so its bits are zero
    }
    return shape_.output_bits;
  }

 private:
  ExtractorShape shape_;
  std::size_t field_bits_;
  trevisan::Horner horner_;
  trevisan::HornerWide horner_wide_;
  SecretBytes alphas_, alphas_up_, betas_;
};

/// Field bits the one-bit code needs, before they are rounded up: log2 n + 2 log2(2 / e1), e1 = epsilon / m.
double needed_field_bits(std::size_t n, double m, double log2_epsilon) {
  return std::log2(static_cast<double>(n)) + 2 * (1 + std::log2(m) - log2_epsilon);
}

/// The largest m for k >= r m + 4 log2(1 / e1) + 6 with r = 1 and e1 = epsilon / m, in a field of `field_bits` bits.
std::size_t most_bits(std::size_t n, double min_entropy, double log2_epsilon, std::size_t field_bits) {
  const auto fits = [&](std::size_t m) {
    const auto bits = static_cast<double>(m);
    const double needed = bits + 4 * (std::log2(bits) - log2_epsilon) + 6;
    const double field = needed_field_bits(n, bits, log2_epsilon);
    return needed + rounding_error(needed) <= min_entropy &&
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
  return low;
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
  const std::size_t narrow = most_bits(n, plan.min_entropy, log2_epsilon, narrow_field);
  const std::size_t wide = most_bits(n, plan.min_entropy, log2_epsilon, wide_field);
  // Who plans again with the m of this plan gets its field again: of the wide field there is no m <= narrow.
  const bool narrow_enough = request.output_bits ? *request.output_bits <= narrow : narrow > 0 && wide <= 2 * narrow;
  const std::size_t field_bits = narrow_enough ? narrow_field : wide_field;
  plan.most_bits = narrow_enough ? narrow : wide;
  plan.formula = fmt::format(
      "m + 4 log2(m / epsilon) + 6 <= k = {:.6g} with log2 epsilon = {:.6g}, and log2 n + 2 log2(2 m / epsilon) <= {} "
      "field bits (m = 1 needs {})",
      plan.min_entropy, log2_epsilon, field_bits, std::ceil(needed_field_bits(n, 1, log2_epsilon)));
  plan.source =
      "De, Portmann, Vidick, Renner, SIAM J. Comput. 41 (2012) 915; Mauerer, Portmann, Scholz, arXiv:1212.0520";
  plan.assumptions = {"the seed is uniform, independent of the source and of the side information",
                      "each block has min-entropy k given all blocks before and the side information"};
  settle_output(plan, request);
  plan.shape.seed_bits = trevisan_seed_bits(plan.shape.output_bits, field_bits);
  return plan;
}

std::unique_ptr<Extractor> make_by_shape(const ExtractorShape& shape, std::span<const std::uint64_t> seed,
                                         Target target) {
  const std::size_t m = shape.output_bits;
  const bool wide = m >= 1 && shape.seed_bits == trevisan_seed_bits(m, wide_field);
  return make_trevisan(shape.input_bits, m, seed, target, wide ? wide_field : narrow_field);
}

}  // namespace

std::size_t trevisan_seed_bits(std::size_t m, std::size_t field_bits) {
  if (field_bits == wide_field) return WeakDesign(m, WeakDesign::wide).seed_bits() + unused_bits;
  return WeakDesign(m).seed_bits();
}

std::unique_ptr<Extractor> make_trevisan(std::size_t n, std::size_t m, std::span<const std::uint64_t> seed,
                                         Target target, std::size_t field_bits) {
  if (m < 1 || n < m) {
    throw Error(Category::usage, fmt::format("trevisan needs n >= m >= 1 bits, not n = {}, m = {}", n, m));
  }
  if (field_bits != narrow_field && field_bits != wide_field) {
    throw Error(Category::usage,
                fmt::format("trevisan has fields of {} and {} bits, not of {}", narrow_field, wide_field, field_bits));
  }
  const ExtractorShape shape{n, m, trevisan_seed_bits(m, field_bits)};
  require_seed("trevisan", seed, shape.seed_bits);
  return std::make_unique<Trevisan>(shape, WeakDesign(m, 2 * field_bits), field_bits, seed, target);
}

ExtractorKind trevisan_kind() {
  return {.name = "trevisan",
          .summary = "a seed longer than the block up to some 3 million bits, shorter from there on; slow",
          .plan = plan_trevisan,
          .make = make_by_shape};
}

}  // namespace lightseed
