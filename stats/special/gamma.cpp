// SPDX-License-Identifier: Apache-2.0
#include "stats/special/gamma.h"

#include <boost/math/special_functions/gamma.hpp>
#include <cmath>

namespace lightseed::stats {
namespace {

/// Up to here the finite sum has few enough terms.
constexpr double most_for_sum = 64;

/// Integration by parts down to Q(1, x) = exp(-x) or Q(1/2, x) = erfc(sqrt x). All terms are positive, so nothing
/// cancels.
double finite_sum(double a, double x) {
  const long double z = x;
  const bool half = a != std::floor(a);
  long double sum = half ? std::erfc(std::sqrt(z)) : std::exp(-z);
  // x^k e^-x / Γ(k+1), beginning at k = 1/2 or 1.
  long double k = half ? 0.5L : 1.0L;
  long double term = half ? std::exp(-z) * std::sqrt(z) / std::tgamma(1.5L) : std::exp(-z) * z;
  while (k < a) {
    sum += term;
    k += 1;
    term *= z / k;
  }
  return static_cast<double>(std::min(1.0L, sum));
}

}  // namespace

double upper_gamma(double a, double x) {
  if (x <= 0) return 1;
  if (std::isinf(x)) return 0;
  // Beyond exp(-11000) long double ends as well.
  if (a <= most_for_sum && x < 11'000) return finite_sum(a, x);
  using boost::math::policies::policy;
  using Quiet = policy<boost::math::policies::underflow_error<boost::math::policies::ignore_error>,
                       boost::math::policies::overflow_error<boost::math::policies::ignore_error>>;
  return static_cast<double>(boost::math::gamma_q(static_cast<long double>(a), static_cast<long double>(x), Quiet()));
}

double chi_square_tail(double statistic, double degrees) {
  return upper_gamma(degrees / 2, statistic / 2);
}

double normal_tail(double x) {
  return std::erfc(x / std::sqrt(2.0)) / 2;
}

double two_sided_normal(double v) {
  return std::erfc(std::abs(v) / std::sqrt(2.0));
}

}  // namespace lightseed::stats
