// SPDX-License-Identifier: Apache-2.0
#include "driver/simulated/frame/levinson.h"

#include "core/error.h"

namespace lightseed::simulated {

double innovations_variance(const Eigen::Ref<const Eigen::VectorXd>& autocovariance) {
  const Eigen::Index order = autocovariance.size() - 1;
  if (order < 0 || !(autocovariance[0] > 0)) throw Error(Category::internal, "a process without variance");
  double error = autocovariance[0];
  Eigen::VectorXd predictor(order);  // x_t is predicted as the sum of predictor[j] x_{t-1-j}
  for (Eigen::Index m = 0; m < order; ++m) {
    const double missed = autocovariance[m + 1] - predictor.head(m).dot(autocovariance.segment(1, m).reverse());
    const double reflection = missed / error;
    const Eigen::VectorXd turned = predictor.head(m).reverse();
    predictor.head(m) -= reflection * turned;
    predictor[m] = reflection;
    error *= 1 - reflection * reflection;
    if (!(error > 0)) throw Error(Category::internal, "autocovariances of no process");
  }
  return error;
}

}  // namespace lightseed::simulated
