// SPDX-License-Identifier: Apache-2.0
#include "entropy/extract/elias/elias.h"

#include <fmt/format.h>

#include <array>
#include <bit>
#include <cmath>

#include "core/bits.h"
#include "core/error.h"
#include "entropy/extract/bit_writer.h"
#include "entropy/extract/von_neumann/von_neumann.h"

namespace lightseed {
namespace {

/// C(n, k) for n <= 64; C(64, 32) < 2^61.
using Binomials = std::array<std::array<std::uint64_t, 65>, 65>;

constexpr Binomials pascal() {
  Binomials c{};
  for (std::size_t n = 0; n <= 64; ++n) {
    c[n][0] = 1;
    for (std::size_t k = 1; k <= n; ++k)
      c[n][k] = c[n - 1][k - 1] + (k < n ? c[n - 1][k] : 0);
  }
  return c;
}

constexpr Binomials choose = pascal();
constexpr unsigned largest_group = 60;  // bits
static_assert(std::bit_width(choose[64][32]) == largest_group + 1);

/// Place of `word` among the words with as many ones, in the order of their values (combinatorial number system).
std::uint64_t rank(std::uint64_t word) noexcept {
  std::uint64_t result = 0;
  for (std::size_t ones = 1; word != 0; ++ones, word &= word - 1)
    result += choose[static_cast<std::size_t>(std::countr_zero(word))][ones];
  return result;
}

class Elias final : public Extractor {
 public:
  explicit Elias(std::size_t n) : shape_{n, n / 64 * largest_group, 0} {}

  [[nodiscard]] std::string_view name() const noexcept override { return "elias"; }
  [[nodiscard]] const ExtractorShape& shape() const noexcept override { return shape_; }

  std::size_t extract(std::span<const std::uint64_t> input, std::span<std::uint64_t> output) const override {
    BitWriter writer(output.first(words_for(shape_.output_bits)));
    for (std::size_t i = 0; i < shape_.input_bits / 64; ++i) {
      std::uint64_t place = rank(input[i]);
      std::uint64_t groups = choose[64][static_cast<std::size_t>(std::popcount(input[i]))];
      for (;;) {
        const auto bits = static_cast<unsigned>(std::bit_width(groups)) - 1;
        const std::uint64_t size = std::uint64_t{1} << bits;
        if (place < size) {
          writer.append(place, bits);
          break;
        }
        place -= size;
        groups -= size;
      }
    }
    return writer.finish();
  }

 private:
  ExtractorShape shape_;
};

/// Mean output bits a word of independent bits with P(1) = p: sum over the number of ones of C p^k q^(64-k) times
/// the mean group size in bits.
double mean_output(double p) {
  double mean = 0;
  for (std::size_t k = 0; k <= 64; ++k) {
    double bits = 0;
    for (unsigned a = 0; a < 61; ++a)
      if ((choose[64][k] >> a & 1) != 0) bits += a * std::exp2(a);
    mean += bits * std::pow(p, static_cast<double>(k)) * std::pow(1 - p, static_cast<double>(64 - k));
  }
  return mean;
}

ExtractorPlan plan_elias(const ExtractionRequest& request) {
  validate(request);
  const double p = std::exp2(-request.entropy_per_bit);
  const double rate = mean_output(p) / 64;
  return plan_for_exchangeable_bits(
      "elias", request, request.block_bits / 64 * largest_group, rate,
      fmt::format("{:.6g} n on average over words of 64 bits, p = 2^-{} = {:.6g}", rate, request.entropy_per_bit, p),
      "Elias, Ann. Math. Statist. 43 (1972) 865");
}

}  // namespace

std::unique_ptr<Extractor> make_elias(std::size_t n) {
  if (n < 64) throw Error(Category::usage, fmt::format("elias needs at least 64 bits a block, not {}", n));
  return std::make_unique<Elias>(n);
}

ExtractorKind elias_kind() {
  return {.name = "elias",
          .summary = "no seed: the rank of each word among those with as many ones",
          .seeded = false,
          .plan = plan_elias,
          .make = [](const ExtractorShape& shape, std::span<const std::uint64_t>, Target) {
            return make_elias(shape.input_bits);
          }};
}

}  // namespace lightseed
