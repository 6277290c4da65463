// SPDX-License-Identifier: Apache-2.0
#include "entropy/extract/peres/peres.h"

#include <fmt/format.h>

#include <bit>
#include <cmath>

#include "core/bits.h"
#include "core/error.h"
#include "core/thread_scratch.h"
#include "entropy/extract/bit_writer.h"
#include "entropy/extract/peres/expected_bits.h"
#include "entropy/extract/von_neumann/compress.h"
#include "entropy/extract/von_neumann/von_neumann.h"

namespace lightseed {
namespace {

/// Words of working memory for `bits` bits: two strings of half the length at each of the levels.
std::size_t memory_words(std::size_t bits) noexcept {
  std::size_t words = 0;
  for (; bits >= 2; bits /= 2)
    words += 2 * words_for(bits / 2);
  return words;
}

void extract_level(Compress compress, std::span<const std::uint64_t> input, std::size_t bits,
                   std::span<std::uint64_t> memory, BitWriter& output) {
  if (bits < 2) return;
  const std::size_t pairs = bits / 2;
  const auto xors = memory.first(words_for(pairs));
  const auto equals = memory.subspan(words_for(pairs), words_for(pairs));
  const auto rest = memory.subspan(2 * words_for(pairs));
  BitWriter xor_writer(xors);
  BitWriter equal_writer(equals);
  for (std::size_t i = 0; i * 64 < pairs * 2; ++i) {
    const std::size_t left = pairs * 2 - i * 64;
    const std::uint64_t places = left >= 64 ? even_places : even_places & ((std::uint64_t{1} << left) - 1);
    const std::uint64_t sums = input[i] ^ input[i] >> 1;
    const std::uint64_t unequal = sums & places;
    const std::uint64_t equal = ~sums & places;
    output.append(compress(input[i], unequal), static_cast<unsigned>(std::popcount(unequal)));
    xor_writer.append(compress(sums, places), static_cast<unsigned>(std::popcount(places)));
    equal_writer.append(compress(input[i], equal), static_cast<unsigned>(std::popcount(equal)));
  }
  xor_writer.finish();
  const std::size_t equal_bits = equal_writer.finish();
  extract_level(compress, xors, pairs, rest, output);
  extract_level(compress, equals, equal_bits, rest, output);
}

class Peres final : public Extractor {
 public:
  Peres(std::size_t n, Target target) : shape_{n, n, 0}, compress_(fastest_compress(target)) {}

  [[nodiscard]] std::string_view name() const noexcept override { return "peres"; }
  [[nodiscard]] const ExtractorShape& shape() const noexcept override { return shape_; }

  std::size_t extract(std::span<const std::uint64_t> input, std::span<std::uint64_t> output) const override {
    BitWriter writer(output.first(words_for(shape_.output_bits)));
    const std::span<std::uint64_t> memory = thread_scratch<Peres>(memory_words(shape_.input_bits));
    extract_level(compress_, input, shape_.input_bits, memory, writer);
    return writer.finish();
  }

 private:
  ExtractorShape shape_;
  Compress compress_;
};

ExtractorPlan plan_peres(const ExtractionRequest& request) {
  validate(request);
  const double p = std::exp2(-request.entropy_per_bit);
  const double h = p < 1 ? -p * std::log2(p) - (1 - p) * std::log2(1 - p) : 0;
  const double expected = peres::expected_bits(request.block_bits, p);
  return plan_for_exchangeable_bits(
      "peres", request, request.block_bits, expected / static_cast<double>(request.block_bits),
      fmt::format("{:.6g} bits on average, p = 2^-{} = {:.6g}; below h(p) n = {:.6g}, which long blocks tend to",
                  expected, request.entropy_per_bit, p, h * static_cast<double>(request.block_bits)),
      "Peres, Ann. Statist. 20 (1992) 590");
}

}  // namespace

std::unique_ptr<Extractor> make_peres(std::size_t n, Target target) {
  if (n < 2) throw Error(Category::usage, fmt::format("peres needs at least 2 bits a block, not {}", n));
  return std::make_unique<Peres>(n, target);
}

ExtractorKind peres_kind() {
  return {.name = "peres",
          .summary = "no seed: von Neumann repeated on what it throws away",
          .seeded = false,
          .plan = plan_peres,
          .make = [](const ExtractorShape& shape, std::span<const std::uint64_t>, Target target) {
            return make_peres(shape.input_bits, target);
          }};
}

}  // namespace lightseed
