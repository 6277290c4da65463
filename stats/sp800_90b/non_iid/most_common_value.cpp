// SPDX-License-Identifier: Apache-2.0
#include "stats/sp800_90b/non_iid/most_common_value.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "core/error.h"
#include "stats/input/histogram.h"
#include "stats/sp800_90b/confidence.h"

namespace lightseed::sp800_90b {
namespace {

MostCommonValue of_bits(std::uint64_t ones, std::uint64_t bits) {
  return most_common_value(std::max(ones, bits - ones), bits);
}

Estimate run(const ViewedData& data, const Rules&) {
  return estimate_of(data.binary() ? of_bits(data.bits().ones(), data.size()) : most_common_value(data.symbols()));
}

std::optional<Estimate> recompute(const Estimate& stated, const ViewShape& shape) {
  const auto mode = stated.count("mode_count");
  // The likeliest of k values comes once in k times or more.
  if (!mode || *mode > shape.length || *mode < (shape.length - 1) / shape.alphabet + 1) return std::nullopt;
  return estimate_of(most_common_value(*mode, shape.length));
}

class InOnePass : public OnePass {
 public:
  explicit InOnePass(View view) : view_(view) {}
  void add(std::span<const std::uint8_t> raw, const BitString& bits) override {
    if (view_ == View::bitstring) {
      ones_ += bits.ones();
      bits_ += bits.size();
      return;
    }
    const Histogram counts = histogram(raw);
    for (std::size_t value = 0; value < counts.size(); ++value)
      counts_[value] += counts[value];
  }
  [[nodiscard]] Estimate result() const override {
    return estimate_of(view_ == View::bitstring ? of_bits(ones_, bits_) : most_common_value(counts_));
  }

 private:
  View view_;
  Histogram counts_{};
  std::uint64_t ones_ = 0;
  std::uint64_t bits_ = 0;
};

}  // namespace

MostCommonValue most_common_value(std::span<const std::uint8_t> symbols) {
  return most_common_value(histogram(symbols));
}

MostCommonValue most_common_value(const Histogram& counts) {
  return most_common_value(*std::max_element(counts.begin(), counts.end()),
                           std::accumulate(counts.begin(), counts.end(), std::uint64_t{0}));
}

MostCommonValue most_common_value(std::uint64_t mode_count, std::uint64_t length) {
  if (length < 2) {
    throw Error(Category::not_enough_data,
                fmt::format("the most common value estimate needs 2 samples or more, not {}", length));
  }
  MostCommonValue result;
  result.mode_count = mode_count;
  result.p_hat = static_cast<double>(mode_count) / static_cast<double>(length);
  result.p_u = static_cast<double>(upper_bound(result.p_hat, length));
  result.min_entropy = min_entropy_of(result.p_u);
  return result;
}

Estimate estimate_of(const MostCommonValue& x) {
  return {.id = "mcv",
          .min_entropy = x.min_entropy,
          .numbers = {{"mode_count", x.mode_count}, {"p_hat", x.p_hat}, {"p_u", x.p_u}}};
}

Estimator most_common_value_estimator() {
  return {.id = "mcv",
          .clause = "6.3.1",
          .looks_for = "one value that comes too often",
          .least = 2,
          .run = run,
          .recompute = recompute,
          .one_pass = [](View view) -> std::unique_ptr<OnePass> { return std::make_unique<InOnePass>(view); }};
}

}  // namespace lightseed::sp800_90b
