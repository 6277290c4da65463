// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <vector>

namespace lightseed::calibration {

/// A polynomial through points whose errors are known, by weighted least squares.
struct PolynomialFit {
  std::vector<double> values;  ///< coefficients of x^0, x^1, …
  std::vector<double> errors;  ///< their standard deviations
  double misfit = 0;           ///< chi squared
  unsigned freedom = 0;        ///< points less coefficients
};

/// `y[i]` has the standard deviation `error[i]` > 0. More points than coefficients, and as many different `x`; else
/// Error(not_enough_data).
PolynomialFit fit_polynomial(std::span<const double> x, std::span<const double> y, std::span<const double> error,
                             unsigned degree);

}  // namespace lightseed::calibration
