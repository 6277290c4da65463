// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace lightseed::stats {

/// P(X <= count) and P(X >= count) of a binomial variable of `trials` and `rate` (0 to 1); exact, into the far tails.
double binomial_at_most(std::uint64_t count, std::uint64_t trials, double rate);
double binomial_at_least(std::uint64_t count, std::uint64_t trials, double rate);

/// Twice the smaller of the two, 1 at most: how often a count is as far out as this one.
double binomial_two_sided(std::uint64_t count, std::uint64_t trials, double rate);

/// x with P(Z >= x) = p for a normal variable Z, 0 < p < 1.
double normal_quantile(double p);

}  // namespace lightseed::stats
