// SPDX-License-Identifier: Apache-2.0
#include "entropy/extract/raz/raz.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>

#include "core/bits.h"
#include "core/error.h"
#include "core/secret_bytes.h"
#include "core/thread_scratch.h"
#include "entropy/extract/seed.h"
#include "gf2/binary_field/binary_field.h"

namespace lightseed {
namespace {

/// v: the sum has 2^v terms. More than 2N, so that every useful p is allowed.
std::size_t doublings(std::size_t degree) noexcept {
  return static_cast<std::size_t>(std::bit_width(degree)) + 1;
}

class Raz final : public Extractor {
 public:
  Raz(const ExtractorShape& shape, Trinomial modulus, std::span<const std::uint64_t> seed, Target target)
      : shape_(shape), field_(modulus, target), seed_(2 * field_.words() * sizeof(std::uint64_t)) {
    copy_bits(seed, 0, seed_.words(), 0, modulus.degree);
    copy_bits(seed, modulus.degree, seed_.words(), field_.words() * 64, modulus.degree);
  }

  [[nodiscard]] std::string_view name() const noexcept override { return "raz"; }
  [[nodiscard]] const ExtractorShape& shape() const noexcept override { return shape_; }

  std::size_t extract(std::span<const std::uint64_t> input, std::span<std::uint64_t> output) const override {
    const std::size_t words = field_.words();
    const std::span<std::uint64_t> memory = thread_scratch<Raz>(3 * words + field_.scratch_words());
    const std::span<std::uint64_t> base = memory.first(words);
    const std::span<std::uint64_t> sum = memory.subspan(words, words);
    const std::span<std::uint64_t> power = memory.subspan(2 * words, words);
    const std::span<std::uint64_t> scratch = memory.subspan(3 * words);

    std::ranges::fill(base, 0);
    copy_bits(input, 0, base, 0, shape_.input_bits);
    field_.multiply(seed_.words().first(words), base, base, scratch);
    base[0] ^= 1;
    // sum = base^(2^a - 1) with a = 1; then a doubles, or grows by one, along the binary digits of v.
    std::ranges::copy(base, sum.begin());
    const std::size_t v = doublings(field_.degree());
    std::size_t a = 1;
    for (auto digit = static_cast<unsigned>(std::bit_width(v)) - 1; digit-- > 0;) {
      std::ranges::copy(sum, power.begin());
      field_.square(power, a, scratch);
      field_.multiply(power, sum, sum, scratch);
      a *= 2;
      if ((v >> digit & 1) == 0) continue;
      field_.square(sum, 1, scratch);
      field_.multiply(sum, base, sum, scratch);
      ++a;
    }
    field_.multiply(seed_.words().subspan(words), sum, sum, scratch);
    output[words_for(shape_.output_bits) - 1] = 0;
    copy_bits(sum, 0, output, 0, shape_.output_bits);
    return shape_.output_bits;
  }

 private:
  ExtractorShape shape_;
  BinaryField field_;
  SecretBytes seed_;  ///< x1 and x2, each padded to an element
};

/// log2(2^a + 2^b).
double log2_sum(double a, double b) noexcept {
  const double high = std::max(a, b);
  return high + std::log1p(std::exp2(std::min(a, b) - high)) / std::log(2);
}

/// The bound for an even p, without the factor 2^(m/2).
double log2_bias(std::size_t degree, double seed_min_entropy, double min_entropy, double p) noexcept {
  const auto n = static_cast<double>(degree);
  // (p - 1)!! = p! / (2^(p/2) (p/2)!)
  const double pairings = (std::lgamma(p + 1) - std::lgamma(p / 2 + 1)) / std::log(2) - p / 2;
  const double space = static_cast<double>(doublings(degree)) - n;
  return (2 * n - seed_min_entropy + log2_sum(space, pairings - p * min_entropy / 2)) / p;
}

struct Best {
  double log2_bias = std::numeric_limits<double>::infinity();
  std::size_t p = 2;
};

/// Beyond p = 2 (2N - k_seed) every term grows; 2^v, the most the sample space allows, is more than that.
Best best_p(std::size_t degree, double seed_min_entropy, double min_entropy, std::size_t most_p) {
  const double lacking = 2 * static_cast<double>(degree) - seed_min_entropy;
  const std::size_t limit =
      std::min({most_p, std::size_t{1} << doublings(degree), static_cast<std::size_t>(2 * std::max(lacking, 0.0)) + 2});
  Best best;
  for (std::size_t p = 2; p <= limit; p += 2) {
    const double bias = log2_bias(degree, seed_min_entropy, min_entropy, static_cast<double>(p));
    if (bias < best.log2_bias) best = {bias, p};
  }
  return best;
}

constexpr std::size_t any_p = std::numeric_limits<std::size_t>::max();

std::size_t raz_input_bits(std::size_t block_bits) {
  return std::min(block_bits, trinomials().back().degree);
}

ExtractorPlan plan_raz(const ExtractionRequest& request) {
  validate(request);
  const std::vector<Trinomial>& fields = trinomials();
  const std::size_t n = raz_input_bits(request.block_bits);
  const std::size_t degree = std::ranges::lower_bound(fields, n, {}, &Trinomial::degree)->degree;
  ExtractorPlan plan;
  plan.extractor = "raz";
  plan.shape = {n, 0, 2 * degree};
  plan.min_entropy = min_entropy_of(request, n);
  plan.log2_epsilon = request.log2_epsilon;
  const double seed_entropy = request.seed_entropy_per_bit * static_cast<double>(2 * degree);
  const double log2_epsilon = log2_epsilon_after_smoothing(request);
  const Best best = best_p(degree, seed_entropy, plan.min_entropy,
                           request.side == SideInformation::classical ? any_p : std::size_t{2});
  const double bits = std::floor(2 * (log2_epsilon - best.log2_bias));
  plan.most_bits = bits > 0 ? std::min(n, static_cast<std::size_t>(bits)) : 0;
  plan.formula = fmt::format(
      "m = floor(2 log2 epsilon - (2/p) (2N - k_seed + log2(2^(v - N) + (p-1)!! 2^(-p k / 2)))) = floor({:.6g} - "
      "{:.6g}) "
      "with N = {}, v = {}, p = {}, k = {:.6g}, k_seed = {:.6g}",
      2 * log2_epsilon, 2 * best.log2_bias, degree, doublings(degree), best.p, plan.min_entropy, seed_entropy);
  plan.source = request.side == SideInformation::classical
                    ? "Raz, STOC 2005, with the sample space of arXiv:2506.15547; constants in docs/extractors.md"
                    : "almost two-universal (p = 2), quantum side information: arXiv:1002.2436, weak seeds: "
                      "arXiv:2402.09481; docs/extractors.md";
  plan.assumptions = {"the seed is independent of the source given the side information; it may be weak",
                      "each block has min-entropy k given all blocks before and the side information"};
  settle_output(plan, request);
  return plan;
}

}  // namespace

double raz_log2_distance(std::size_t degree, double seed_min_entropy, double min_entropy, double output_bits,
                         std::size_t most_p) {
  return output_bits / 2 + best_p(degree, seed_min_entropy, min_entropy, most_p).log2_bias;
}

std::unique_ptr<Extractor> make_raz(const ExtractorShape& shape, std::span<const std::uint64_t> seed, Target target) {
  const std::vector<Trinomial>& fields = trinomials();
  const auto field = std::ranges::find(fields, shape.seed_bits / 2, &Trinomial::degree);
  const std::size_t degree = shape.seed_bits / 2;
  if (shape.seed_bits % 2 != 0 || field == fields.end() || shape.input_bits < 1 || shape.input_bits > degree ||
      shape.output_bits < 1 || shape.output_bits > degree) {
    throw Error(
        Category::usage,
        fmt::format("raz needs 1 <= n, m <= N and a seed of 2N bits with a known field of 2^N elements, not n = "
                    "{}, m = {}, {} seed bits; a plan takes the next N that fits",
                    shape.input_bits, shape.output_bits, shape.seed_bits));
  }
  require_seed("raz", seed, shape.seed_bits);
  return std::make_unique<Raz>(shape, *field, seed, target);
}

ExtractorKind raz_kind() {
  return {.name = "raz",
          .summary = "any entropy, and a weak seed twice as long with more than half of its own",
          .input_bits = raz_input_bits,
          .plan = plan_raz,
          .make = make_raz};
}

}  // namespace lightseed
