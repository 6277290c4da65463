// SPDX-License-Identifier: Apache-2.0
#include "entropy/extract/dense/dense.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>

#include "core/bits.h"
#include "core/error.h"
#include "core/secret_bytes.h"
#include "core/thread_scratch.h"
#include "entropy/extract/dense/dense_kernel.h"
#include "entropy/extract/seed.h"

namespace lightseed {
namespace {

const std::uint8_t* octets(const void* memory) noexcept {
  return static_cast<const std::uint8_t*>(memory);
}

class Dense final : public Extractor {
 public:
  Dense(std::size_t n, std::size_t m, std::span<const std::uint64_t> seed, Target target)
      : shape_{n, m, n * m}, rows_(seed.size_bytes()) {
    std::ranges::copy(seed, rows_.words().begin());
    if (target == Target::vector512) {
      padded_rows_ = (m + dense::row_group - 1) / dense::row_group * dense::row_group;
      bytes_ = SecretBytes(n / 8 * padded_rows_);
      const std::uint8_t* const from = octets(rows_.data());
      for (std::size_t row = 0; row < m; ++row)
        for (std::size_t c = 0; c < n / 8; ++c)
          bytes_.data()[c * padded_rows_ + row] = std::byte{from[row * (n / 8) + c]};
    }
  }

  [[nodiscard]] std::string_view name() const noexcept override { return "dense"; }
  [[nodiscard]] const ExtractorShape& shape() const noexcept override { return shape_; }

  std::size_t extract(std::span<const std::uint64_t> input, std::span<std::uint64_t> output) const override {
    const std::size_t columns = shape_.input_bits / 64;
    const std::uint64_t* row = rows_.words().data();
    for (std::size_t g = 0; g < words_for(shape_.output_bits); ++g) {
      std::uint64_t parities = 0;
      const std::size_t count = std::min<std::size_t>(64, shape_.output_bits - g * 64);
      for (std::size_t i = 0; i < count; ++i, row += columns) {
        std::uint64_t sum = 0;
        for (std::size_t c = 0; c < columns; ++c)
          sum ^= row[c] & input[c];
        for (unsigned shift = 32; shift > 0; shift /= 2)
          sum ^= sum >> shift;
        parities |= (sum & 1) << i;
      }
      output[g] = parities;
    }
    return shape_.output_bits;
  }

  void extract_blocks(std::span<const std::uint64_t> input, std::span<std::uint64_t> output,
                      std::size_t blocks) const override {
    const std::size_t in = words_for(shape_.input_bits);
    const std::size_t out = words_for(shape_.output_bits);
    std::size_t b = 0;
#if defined(__x86_64__)
    if (bytes_.size() != 0) {
      const std::span<std::uint64_t> tiles = thread_scratch<Dense>(dense::batch * in);
      for (; b + dense::batch <= blocks; b += dense::batch) {
        dense::multiply_64_blocks(octets(bytes_.data()), padded_rows_, shape_.input_bits / 8,
                                  octets(input.data() + b * in), tiles.data(), output.data() + b * out, out);
      }
    }
#endif
    Extractor::extract_blocks(input.subspan(b * in), output.subspan(b * out), blocks - b);
  }

 private:
  ExtractorShape shape_;
  SecretBytes rows_;
  SecretBytes bytes_;  ///< the matrix in the kernel's order; empty when another target is used
  std::size_t padded_rows_ = 0;
};

/// The matrix is the seed, and it is kept twice: this is 128 MiB.
constexpr std::size_t most_seed_bits = std::size_t{1} << 30;

std::size_t dense_input_bits(std::size_t block_bits) {
  if (block_bits < 64) {
    throw Error(Category::usage, fmt::format("dense needs blocks of at least 64 bits, not {}", block_bits));
  }
  return block_bits / 64 * 64;
}

ExtractorPlan plan_dense(const ExtractionRequest& request) {
  validate(request);
  const std::size_t n = dense_input_bits(request.block_bits);
  ExtractorPlan plan =
      plan_by_leftover_hash("dense", n, request, n, [](std::size_t bits, std::size_t m) { return bits * m; });
  if (plan.shape.output_bits > most_seed_bits / n) {
    throw Error(Category::refused,
                fmt::format("dense would need a matrix of n m = {} x {} bits as its seed, more than the {} it is made "
                            "for; take shorter blocks",
                            n, plan.shape.output_bits, most_seed_bits));
  }
  plan.shape.seed_bits = n * plan.shape.output_bits;
  return plan;
}

}  // namespace

std::unique_ptr<Extractor> make_dense(std::size_t n, std::size_t m, std::span<const std::uint64_t> seed,
                                      Target target) {
  if (m < 1 || n < m || n % 64 != 0) {
    throw Error(Category::usage,
                fmt::format("dense needs n >= m >= 1 with n a multiple of 64, not n = {}, m = {}", n, m));
  }
  require_seed("dense", seed, n * m);
  return std::make_unique<Dense>(n, m, seed, target);
}

ExtractorKind dense_kind() {
  return {.name = "dense",
          .summary = "a matrix without structure, as in Quantis matrix files; slow, for compatibility",
          .input_bits = dense_input_bits,
          .plan = plan_dense,
          .make = make_by_sizes<make_dense>};
}

}  // namespace lightseed
