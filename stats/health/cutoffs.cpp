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

std::uint32_t repetition_count_cutoff(double min_entropy, double alpha_log2) {
  check(min_entropy, alpha_log2);
  return 1 + static_cast<std::uint32_t>(std::ceil(-alpha_log2 / min_entropy));
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

}  // namespace lightseed::health
