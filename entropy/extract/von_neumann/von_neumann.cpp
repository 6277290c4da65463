// SPDX-License-Identifier: Apache-2.0
#include "entropy/extract/von_neumann/von_neumann.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <utility>

#include "core/bits.h"
#include "core/error.h"
#include "entropy/extract/bit_writer.h"
#include "entropy/extract/von_neumann/compress.h"
#if defined(__x86_64__)
#include "gf2/intrinsics.h"
#endif

namespace lightseed {
namespace {

/// Word `i` of a string of `bits` bits, its incomplete last pair blanked.
std::uint64_t whole_pairs(const std::uint64_t* input, std::size_t bits, std::size_t i) noexcept {
  const std::size_t left = (bits - i * 64) & ~std::size_t{1};
  return left >= 64 ? input[i] : input[i] & ((std::uint64_t{1} << left) - 1);
}

std::size_t extract_portable(const std::uint64_t* input, std::size_t bits, std::span<std::uint64_t> output) noexcept {
  BitWriter writer(output);
  for (std::size_t i = 0; i < words_for(bits); ++i) {
    const std::uint64_t word = whole_pairs(input, bits, i);
    const std::uint64_t unequal = (word ^ word >> 1) & even_places;
    writer.append(compress_bits(word, unequal), static_cast<unsigned>(std::popcount(unequal)));
  }
  return writer.finish();
}

#if defined(__x86_64__)

LIGHTSEED_BEGIN_TARGET("bmi,bmi2,popcnt")

/// Each word's bits are stored at once, eight bytes at the current byte; only the count decides where the next go.
/// A word gives at most four bytes, so the last three words could write past the end: they go by way of a buffer.
std::size_t extract_pext(const std::uint64_t* input, std::size_t bits, std::span<std::uint64_t> output) noexcept {
  const std::size_t words = words_for(bits);
  const std::size_t direct = words > 3 ? words - 3 : 0;
  auto* const begin = static_cast<unsigned char*>(static_cast<void*>(output.data()));
  unsigned char* to = begin;
  std::uint64_t pending = 0;
  std::uint64_t fill = 0;  // bits in `pending` after the last whole byte
  for (std::size_t i = 0; i < direct; ++i) {
    const std::uint64_t word = input[i];
    const std::uint64_t unequal = (word ^ word >> 1) & even_places;
    pending |= _pext_u64(word, unequal) << fill;
    std::memcpy(to, &pending, sizeof pending);
    const std::uint64_t held = fill + static_cast<std::uint64_t>(_mm_popcnt_u64(unequal));
    to += held / 8;
    pending >>= held & ~std::uint64_t{7};
    fill = held % 8;
  }
  std::uint64_t tail[3];
  BitWriter writer(tail);
  writer.append(pending, static_cast<unsigned>(fill));
  for (std::size_t i = direct; i < words; ++i) {
    const std::uint64_t word = whole_pairs(input, bits, i);
    const std::uint64_t unequal = (word ^ word >> 1) & even_places;
    writer.append(_pext_u64(word, unequal), static_cast<unsigned>(_mm_popcnt_u64(unequal)));
  }
  const std::size_t tail_bits = writer.finish();
  const auto before = static_cast<std::size_t>(to - begin);
  std::memcpy(to, tail, (tail_bits + 7) / 8);
  const std::size_t used = before + (tail_bits + 7) / 8;
  std::memset(begin + used, 0, output.size() * sizeof(std::uint64_t) - used);
  return before * 8 + tail_bits;
}

LIGHTSEED_END_TARGET

bool has_pext(Target target) noexcept {
  return target != Target::portable && __builtin_cpu_supports("bmi2") != 0 && __builtin_cpu_supports("popcnt") != 0;
}

#endif

class VonNeumann final : public Extractor {
 public:
  VonNeumann(std::size_t n, Target target) : shape_{n, n / 2, 0} {
#if defined(__x86_64__)
    if (has_pext(target)) kernel_ = extract_pext;
#else
    static_cast<void>(target);
#endif
  }

  [[nodiscard]] std::string_view name() const noexcept override {
    return "von-neumann";
  }
  [[nodiscard]] const ExtractorShape& shape() const noexcept override {
    return shape_;
  }

  std::size_t extract(std::span<const std::uint64_t> input, std::span<std::uint64_t> output) const override {
    return kernel_(input.data(), shape_.input_bits, output.first(words_for(shape_.output_bits)));
  }

 private:
  ExtractorShape shape_;
  std::size_t (*kernel_)(const std::uint64_t*, std::size_t, std::span<std::uint64_t>) noexcept = extract_portable;
};

ExtractorPlan plan_von_neumann(const ExtractionRequest& request) {
  validate(request);
  const double p = std::exp2(-request.entropy_per_bit);
  return plan_for_exchangeable_bits(
      "von-neumann", request, request.block_bits / 2, p * (1 - p),
      fmt::format("p (1 - p) n on average, p = 2^-{} = {:.6g}", request.entropy_per_bit, p),
      "von Neumann, Various techniques used in connection with random digits, 1951");
}

}  // namespace

ExtractorPlan plan_for_exchangeable_bits(std::string extractor, const ExtractionRequest& request,
                                         std::size_t largest_output, double rate, std::string formula,
                                         std::string source) {
  if (request.output_bits) {
    throw Error(Category::usage,
                fmt::format("{} cannot be asked for a number of output bits: it depends on the data", extractor));
  }
  ExtractorPlan plan;
  plan.extractor = std::move(extractor);
  plan.min_entropy = min_entropy_of(request, request.block_bits);
  plan.most_bits = static_cast<std::size_t>(rate * static_cast<double>(request.block_bits));
  plan.shape = {request.block_bits, largest_output, 0};
  plan.formula = std::move(formula);
  plan.source = std::move(source);
  plan.assumptions = {"the raw bits are exchangeable: independent bits of one unknown bias, for example",
                      "no promise against side information, and the time taken depends on the data"};
  return plan;
}

std::unique_ptr<Extractor> make_von_neumann(std::size_t n, Target target) {
  if (n < 2) throw Error(Category::usage, fmt::format("von-neumann needs at least 2 bits a block, not {}", n));
  return std::make_unique<VonNeumann>(n, target);
}

ExtractorKind von_neumann_kind() {
  return {.name = "von-neumann",
          .summary = "no seed: exchangeable bits only",
          .seeded = false,
          .plan = plan_von_neumann,
          .make = [](const ExtractorShape& shape, std::span<const std::uint64_t>, Target target) {
            return make_von_neumann(shape.input_bits, target);
          }};
}

}  // namespace lightseed
