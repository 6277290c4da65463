// SPDX-License-Identifier: Apache-2.0
#include "stats/calibration/gaussian.h"

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numbers>

namespace lightseed::calibration {
namespace {

double below(double x) {
  return std::erfc(-x / std::numbers::sqrt2) / 2;
}

double density(double x) {
  return std::exp(-x * x / 2) / std::sqrt(2 * std::numbers::pi);
}

double top_of(unsigned bits) {
  return std::ldexp(1.0, static_cast<int>(bits)) - 1;
}

/// The variance of N(mean, variance) once everything beyond 0 and `top` was put there.
double clipped_variance(double mean, double variance, double top) {
  const double deviation = std::sqrt(variance);
  const double a = -mean / deviation, b = (top - mean) / deviation;
  const double low = below(a), high = below(-b), inside = 1 - low - high;
  const double first = top * high + mean * inside + deviation * (density(a) - density(b));
  const double second = top * top * high + (mean * mean + variance) * inside +
                        deviation * (mean * density(a) - (mean + top) * density(b));
  return second - first * first;
}

/// The probability of the likeliest code while the known part is `known`.
double guess_at(double known, double deviation, double top) {
  const double inner = std::erf(0.5 / (std::numbers::sqrt2 * deviation));
  return std::max({inner, below((0.5 - known) / deviation), below((known - top + 0.5) / deviation)});
}

}  // namespace

double unclipped_variance(const CalibrationLevel& level, unsigned bits) {
  const double seen = level.autocovariance[0];
  const double top = top_of(bits);
  double low = seen, high = 100 * seen;
  constexpr int rounds = 60;  // a double has no more places to halve
  for (int round = 0; round < rounds && high - low > 1e-9 * seen; ++round) {
    const double middle = (low + high) / 2;
    (clipped_variance(level.mean, middle, top) < seen ? low : high) = middle;
  }
  return low;
}

double innovation_variance(const std::array<double, calibration_lags + 1>& autocovariance) {
  constexpr auto lags = static_cast<Eigen::Index>(calibration_lags);
  Eigen::MatrixXd past(lags, lags);
  Eigen::VectorXd with_past(lags);
  for (Eigen::Index i = 0; i < lags; ++i) {
    with_past[i] = autocovariance[static_cast<std::size_t>(i) + 1];
    for (Eigen::Index j = 0; j < lags; ++j)
      past(i, j) = autocovariance[static_cast<std::size_t>(std::abs(i - j))];
  }
  const Eigen::LDLT<Eigen::MatrixXd> ldlt(past);
  if (ldlt.info() != Eigen::Success || !ldlt.isPositive()) return 0;
  return std::max(0.0, autocovariance[0] - with_past.dot(ldlt.solve(with_past)));
}

double average_guess(const KnownSignal& signal) {
  constexpr int cells = 8192;
  constexpr double reach = 10;
  const double deviation = std::sqrt(signal.fresh), known = std::sqrt(signal.known);
  const double top = top_of(signal.bits);
  // Each code's probability rises or falls with what is known: nowhere in a cell is the guess better than at an end.
  double sum = 0;
  const auto edge = [&](int i) { return reach * (2 * static_cast<double>(i) / cells - 1); };
  for (int i = 0; i < cells; ++i) {
    const double mass = below(edge(i + 1)) - below(edge(i));
    sum += mass * std::max(guess_at(signal.middle + known * edge(i), deviation, top),
                           guess_at(signal.middle + known * edge(i + 1), deviation, top));
  }
  return std::min(1.0, sum + 2 * below(-reach));
}

double worst_guess(const KnownSignal& signal, double bound) {
  const double reach = bound * std::sqrt(signal.known), deviation = std::sqrt(signal.fresh);
  const double top = top_of(signal.bits);
  return std::max(guess_at(signal.middle - reach, deviation, top), guess_at(signal.middle + reach, deviation, top));
}

double run_guess(double middle, double quantum, double memory, double noise, unsigned bits) {
  if (memory <= 0) return 0;
  // The operator "one step of Q, and the code is the end code" on a grid; its largest eigenvalue is the rate.
  constexpr Eigen::Index points = 240;
  const double top = top_of(bits), deviation = std::sqrt(quantum);
  const double edge = (std::min(middle, top - middle) - 0.5) / deviation;
  const double blur = std::max(std::sqrt(noise) / deviation, 1e-9);
  const double innovation = std::sqrt(1 - memory * memory);
  const double from = std::min(edge, 10.0) - 9 * std::max(blur, innovation);
  const double width = (std::max(edge, 10.0) + 3 - from) / static_cast<double>(points);
  const auto place = [&](Eigen::Index i) { return from + (static_cast<double>(i) + 0.5) * width; };
  Eigen::MatrixXd step(points, points);
  for (Eigen::Index i = 0; i < points; ++i) {
    for (Eigen::Index j = 0; j < points; ++j) {
      const double low = (place(j) - width / 2 - memory * place(i)) / innovation;
      step(i, j) = (below(low + width / innovation) - below(low)) * below((place(j) - edge) / blur);
    }
  }
  Eigen::VectorXd vector = Eigen::VectorXd::Ones(points);
  double rate = 0;
  for (int round = 0; round < 200; ++round) {
    vector = step * vector;
    rate = vector.maxCoeff();
    if (!(rate > 0)) return 0;
    vector /= rate;
  }
  return rate;
}

}  // namespace lightseed::calibration
