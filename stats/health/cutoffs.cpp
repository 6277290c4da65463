// SPDX-License-Identifier: Apache-2.0
#include "stats/health/cutoffs.h"

#include <fmt/format.h>

#include <boost/math/distributions/binomial.hpp>
#include <cmath>

#include "core/error.h"

namespace lightseed::health {
namespace {

void check(double min_entropy, double alpha_log2) {
  if (!(min_entropy > 0) || min_entropy > 16) {
    throw Error(
        Category::usage,
        fmt::format("health cut-offs need a min-entropy above 0 and up to 16 bits a sample, not {}", min_entropy));
  }
  if (!(alpha_log2 < 0) || alpha_log2 < -1000) {
    throw Error(Category::usage, fmt::format("a false-alarm rate of 2^{} makes no sense", alpha_log2));
  }
}

}  // namespace

std::uint64_t repetition_count_cutoff(double min_entropy, double alpha_log2) {
  check(min_entropy, alpha_log2);
  const double repetitions = std::ceil(-alpha_log2 / min_entropy);
  if (repetitions >= 0x1p52) {
    throw Error(Category::usage,
                fmt::format("{} bits a sample are too few for a health test: no run of equal samples would be too long",
                            min_entropy));
  }
  return 1 + static_cast<std::uint64_t>(repetitions);
}

double repetition_count_rate_log2(std::uint64_t cutoff, double min_entropy) noexcept {
  return -min_entropy * static_cast<double>(cutoff - 1);
}

std::uint32_t adaptive_proportion_cutoff(std::uint32_t window, double min_entropy, double alpha_log2) {
  check(min_entropy, alpha_log2);
  const boost::math::binomial_distribution<double> count(window, std::exp2(-min_entropy));
  const double alpha = std::exp2(alpha_log2);
  // The upper tail is compared with alpha itself: 1 - alpha would lose the small alphas in rounding.
  std::uint32_t low = 0;
  std::uint32_t high = window;
  while (low < high) {
    const std::uint32_t middle = low + (high - low) / 2;
    if (boost::math::cdf(boost::math::complement(count, middle)) <= alpha) {
      high = middle;
    } else {
      low = middle + 1;
    }
  }
  return 1 + low;
}

std::optional<double> adaptive_proportion_rate_log2(std::uint32_t window, std::uint32_t cutoff, double min_entropy) {
  if (cutoff > window) return std::nullopt;
  if (cutoff < 2) return 0;
  const boost::math::binomial_distribution<double> others(window - 1, std::exp2(-min_entropy));
  return std::log2(boost::math::cdf(boost::math::complement(others, cutoff - 2)));
}

}  // namespace lightseed::health
