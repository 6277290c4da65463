// SPDX-License-Identifier: Apache-2.0
#include "stats/calibration/polynomial_fit.h"

#include <fmt/format.h>

#include <Eigen/Dense>
#include <cmath>

#include "core/error.h"

namespace lightseed::calibration {

PolynomialFit fit_polynomial(std::span<const double> x, std::span<const double> y, std::span<const double> error,
                             unsigned degree) {
  const auto points = static_cast<Eigen::Index>(x.size());
  const Eigen::Index terms = Eigen::Index{degree} + 1;
  if (points <= terms) {
    throw Error(Category::not_enough_data,
                fmt::format("{} points are too few to fit {} parameters and see how well they fit", points, terms));
  }
  Eigen::MatrixXd design(points, terms);
  Eigen::VectorXd seen(points);
  for (Eigen::Index i = 0; i < points; ++i) {
    const auto at = static_cast<std::size_t>(i);
    for (Eigen::Index k = 0; k < terms; ++k)
      design(i, k) = std::pow(x[at], static_cast<double>(k)) / error[at];
    seen[i] = y[at] / error[at];
  }
  const Eigen::ColPivHouseholderQR<Eigen::MatrixXd> qr(design);
  if (qr.rank() < terms) throw Error(Category::not_enough_data, "the points to be fitted are at too few places");
  const Eigen::VectorXd values = qr.solve(seen);
  const Eigen::MatrixXd covariance = (design.transpose() * design).inverse();
  PolynomialFit fit;
  for (Eigen::Index k = 0; k < terms; ++k) {
    fit.values.push_back(values[k]);
    fit.errors.push_back(std::sqrt(covariance(k, k)));
  }
  fit.misfit = (design * values - seen).squaredNorm();
  fit.freedom = static_cast<unsigned>(points - terms);
  return fit;
}

}  // namespace lightseed::calibration
