// SPDX-License-Identifier: Apache-2.0
#include "driver/simulated/homodyne/model.h"

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <numbers>

#include "driver/simulated/frame/levinson.h"

namespace lightseed::simulated {

double HomodyneModel::classical_deviation() const noexcept {
  return std::pow(10.0, -qcnr_db / 20);
}

double HomodyneModel::memory() const noexcept {
  return bandwidth > 0 ? std::exp(-2 * std::numbers::pi * bandwidth) : 0;
}

double HomodyneModel::innovation_deviation() const {
  if (bandwidth <= 0) return 1;
  // One pole: two lags say all. More are harmless and would serve any other spectrum.
  constexpr Eigen::Index lags = 16;
  Eigen::VectorXd autocovariance(lags + 1);
  for (Eigen::Index k = 0; k <= lags; ++k)
    autocovariance[k] = std::pow(memory(), static_cast<double>(k));
  return std::sqrt(innovations_variance(autocovariance));
}

double HomodyneModel::side_deviation() const {
  const double innovation = innovation_deviation();
  return std::sqrt(classical_deviation() * classical_deviation() + 1 - innovation * innovation);
}

Converter HomodyneModel::converter() const noexcept {
  const double step = std::ldexp(range, 1 - static_cast<int>(bits));
  return {bits, -range - step / 2, step};
}

double HomodyneModel::average_min_entropy() const {
  const double innovation = innovation_deviation();
  const double inner = std::erf(converter().step / (2 * std::numbers::sqrt2 * innovation));
  const auto at = [&](double shift) {
    const ConvertedSignal signal{.converter = converter(),
                                 .cdf = [innovation](double x) { return normal_cdf(x / innovation); },
                                 .reach = 9 * innovation,
                                 .noise = side_deviation(),
                                 .offset = shift,
                                 .likeliest = inner};
    return conditional_min_entropy(signal, 0).average;
  };
  // An offset brings one end nearer: the guess grows with its size.
  return hum > 0 ? std::min(at(offset + hum), at(offset - hum)) : at(offset);
}

double HomodyneModel::worst_case_min_entropy() const {
  const double step = converter().step;
  const double innovation = innovation_deviation();
  const double reach = noise_bound * side_deviation() + hum;
  // The likeliest code given E: the lower end code at the lowest E, an inner code with E on its centre, or the upper
  // end code at the highest E.
  const double lower_end = normal_cdf((-range + step / 2 - (offset - reach)) / innovation);
  const double inner = std::erf(step / (2 * std::numbers::sqrt2 * innovation));
  const double upper_end = normal_cdf(-(range - 3 * step / 2 - (offset + reach)) / innovation);
  return -std::log2(std::max({lower_end, inner, upper_end}));
}

double HomodyneModel::marginal_min_entropy() const {
  return min_entropy_of(code_probabilities());
}

double HomodyneModel::run_min_entropy() const {
  const double rho = memory();
  if (rho <= 0) return std::numeric_limits<double>::infinity();
  // The operator "one step of Q, and the code is the top one" on a grid; its largest eigenvalue is the rate.
  constexpr Eigen::Index points = 240;
  const double innovation = std::sqrt(1 - rho * rho);
  const double noise = std::max(classical_deviation(), 1e-9);
  const double edge = converter().edge(converter().codes() - 1) - std::abs(offset) - hum;
  const double from = std::min(edge, 10.0) - 9 * std::max(noise, innovation);
  const double width = (std::max(edge, 10.0) + 3 - from) / static_cast<double>(points);
  const auto place = [&](Eigen::Index i) { return from + (static_cast<double>(i) + 0.5) * width; };
  Eigen::MatrixXd step(points, points);
  for (Eigen::Index i = 0; i < points; ++i) {
    for (Eigen::Index j = 0; j < points; ++j) {
      const double low = (place(j) - width / 2 - rho * place(i)) / innovation;
      const double mass = normal_cdf(low + width / innovation) - normal_cdf(low);
      step(i, j) = mass * normal_cdf((place(j) - edge) / noise);
    }
  }
  Eigen::VectorXd vector = Eigen::VectorXd::Ones(points);
  double rate = 0;
  for (int round = 0; round < 200; ++round) {
    vector = step * vector;
    rate = vector.maxCoeff();
    if (!(rate > 0)) return std::numeric_limits<double>::infinity();
    vector /= rate;
  }
  return -std::log2(rate);
}

std::vector<double> HomodyneModel::code_probabilities() const {
  const double step = converter().step;
  const int half = 1 << (bits - 1);
  const double deviation = std::hypot(1.0, classical_deviation());
  const auto below = [&](double edge) { return normal_cdf((edge - offset) / deviation); };
  const auto above = [&](double edge) { return normal_cdf(-(edge - offset) / deviation); };
  std::vector<double> probabilities(std::size_t{1} << bits);
  for (int code = -half; code < half; ++code) {
    const double low = (code - 0.5) * step;
    const double high = (code + 0.5) * step;
    double& p = probabilities[static_cast<std::size_t>(std::int64_t{code} + half)];
    if (code == -half) {
      p = below(high);
    } else if (code == half - 1) {
      p = above(low);
    } else {
      // The difference of the smaller tails keeps its digits.
      p = low > offset ? above(low) - above(high) : below(high) - below(low);
    }
  }
  return probabilities;
}

}  // namespace lightseed::simulated
