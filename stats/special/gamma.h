// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace lightseed::stats {

/// The regularised upper incomplete gamma function Q(a, x) = Γ(a, x) / Γ(a), called igamc by NIST: the probability that
/// a chi-square variable of 2a degrees of freedom exceeds 2x. `a` > 0 a multiple of 1/2, `x` >= 0. To 1e-12 relative,
/// as far as the result is a normal number (1e-307): joint verdicts compare p-values far out in the tail.
double upper_gamma(double a, double x);

/// The same of a chi-square statistic with `degrees` of freedom.
double chi_square_tail(double statistic, double degrees);

/// 1 - Φ(x), the upper tail of the normal distribution; 1e-14 relative into the far tail.
double normal_tail(double x);

/// p of a standard normal statistic that counts on both sides, erfc(|v| / sqrt 2).
double two_sided_normal(double v);

}  // namespace lightseed::stats
