// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <Eigen/Core>

namespace lightseed::simulated {

/// What no linear predictor can know: the variance of a stationary process given its past, from the autocovariances at
/// lags 0, 1, … n (Levinson and Durbin's recursion, in n^2 steps). For a Gaussian process it falls with n to
/// exp of the mean of ln S(f), Kolmogorov's and Szegö's limit.
///
/// Throws Error(internal) where the autocovariances are those of no process.
double innovations_variance(const Eigen::Ref<const Eigen::VectorXd>& autocovariance);

}  // namespace lightseed::simulated
