// SPDX-License-Identifier: Apache-2.0
#include "stats/special/binomial.h"

#include <algorithm>
#include <boost/math/special_functions/beta.hpp>
#include <boost/math/special_functions/erf.hpp>
#include <cmath>

namespace lightseed::stats {
namespace {

namespace policies = boost::math::policies;
using Quiet = policies::policy<policies::promote_double<false>, policies::underflow_error<policies::ignore_error>>;

}  // namespace

double binomial_at_most(std::uint64_t count, std::uint64_t trials, double rate) {
  if (count >= trials || rate <= 0) return 1;
  if (rate >= 1) return 0;
  return boost::math::ibetac(static_cast<double>(count) + 1, static_cast<double>(trials - count), rate, Quiet());
}

double binomial_at_least(std::uint64_t count, std::uint64_t trials, double rate) {
  if (count == 0 || rate >= 1) return 1;
  if (count > trials || rate <= 0) return 0;
  return boost::math::ibeta(static_cast<double>(count), static_cast<double>(trials - count) + 1, rate, Quiet());
}

double binomial_two_sided(std::uint64_t count, std::uint64_t trials, double rate) {
  return std::min(1.0, 2 * std::min(binomial_at_most(count, trials, rate), binomial_at_least(count, trials, rate)));
}

double normal_quantile(double p) {
  return std::sqrt(2.0) * boost::math::erfc_inv(2 * p, Quiet());
}

}  // namespace lightseed::stats
