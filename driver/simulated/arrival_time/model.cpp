// SPDX-License-Identifier: Apache-2.0
#include "driver/simulated/arrival_time/model.h"

#include <algorithm>
#include <boost/math/special_functions/gamma.hpp>
#include <cmath>
#include <cstddef>
#include <numbers>
#include <numeric>

#include "driver/simulated/frame/converter.h"

namespace lightseed::simulated {
namespace {

constexpr double jitter_reach = 9;  // standard deviations

/// Counts modulo M of steps with these edges, where waiting begins `from` steps after the clock's start: the time is
/// folded. `arrived(t)` is P(detection <= t steps of waiting), exponential beyond the jitter's reach.
template <typename Arrived>
std::vector<double> folded(const std::vector<double>& edges, double from, double mean, double jitter,
                           const Arrived& arrived) {
  const std::size_t codes = edges.size() - 1;
  const auto turn = static_cast<double>(codes);
  std::vector<double> law(codes, 0.0);
  const double turns = std::ceil((jitter_reach * jitter + from) / turn) + 1;
  for (auto m = static_cast<std::int64_t>(-turns); m < static_cast<std::int64_t>(turns); ++m) {
    const double start = static_cast<double>(m) * turn - from;
    for (std::size_t k = 0; k < codes; ++k)
      law[k] += arrived(edges[k + 1] + start) - arrived(edges[k] + start);
  }
  // The turns that are left are a geometric series.
  const double rest = (1 - arrived(turns * turn - from)) / -std::expm1(-mean * turn);
  for (std::size_t k = 0; k < codes; ++k)
    law[k] += rest * (std::exp(-mean * edges[k]) - std::exp(-mean * edges[k + 1]));
  return law;
}

/// P(the fractional part of `middle` + N(0, deviation^2) lies between low and high).
double wrapped_normal(double low, double high, double middle, double deviation) {
  if (deviation <= 0) return middle >= low && middle < high ? 1 : 0;
  double p = 0;
  const auto reach = static_cast<std::int64_t>(std::ceil(jitter_reach * deviation)) + 1;
  for (std::int64_t whole = -reach; whole <= reach; ++whole) {
    const auto m = static_cast<double>(whole);
    p += normal_cdf((high + m - middle) / deviation) - normal_cdf((low + m - middle) / deviation);
  }
  return p;
}

}  // namespace

unsigned ArrivalTimeModel::sample_bits() const noexcept {
  return encoding == Encoding::counter || encoding == Encoding::bin ? bits : 1;
}

double ArrivalTimeModel::step_length() const noexcept {
  return encoding == Encoding::bin ? std::ldexp(period(), -static_cast<int>(bits)) : step;
}

std::vector<double> ArrivalTimeModel::edges() const {
  std::vector<double> ends(1, 0.0);
  for (std::size_t k = 0; k < std::size_t{1} << bits; ++k)
    ends.push_back(weights.empty() ? static_cast<double>(k + 1) : ends.back() + weights[k]);
  ends.back() = std::ldexp(1.0, static_cast<int>(bits));
  return ends;
}

double ArrivalTimeModel::arrived(double t, double jitter_steps) const {
  const double mean = (rate + dark) * step_length() * 1e-3;
  if (t <= -jitter_reach * jitter_steps) return 0;
  if (jitter_steps <= 0) return -std::expm1(-mean * t);
  // An exponential law and a normal one, added.
  const double x = t / jitter_steps;
  const double spread = mean * jitter_steps;
  return normal_cdf(x) - std::exp(spread * spread / 2 - mean * t) * normal_cdf(x - spread);
}

double ArrivalTimeModel::even(double per_microsecond) const {
  // P(n or more) is that n waits and n - 1 dead times fit into the gate.
  double sum = 1;
  for (int n = 1;; ++n) {
    const double left = period() - (n - 1) * dead;
    if (left <= 0) break;
    const double p = boost::math::gamma_p(n, per_microsecond * left * 1e-3);
    sum += n % 2 == 0 ? p : -p;
    if (p < 1e-18) break;
  }
  return std::clamp(sum, 0.0, 1.0);
}

ArrivalTimeModel::FirstTwo ArrivalTimeModel::first_two(double u, double mean) const noexcept {
  const double codes = std::ldexp(1.0, static_cast<int>(bits));
  const double later = std::exp(-mean * (1 - u));
  const double turn = std::expm1(-mean) / std::expm1(-mean * codes);
  return {-std::expm1(-mean * (1 - u)) + later * turn * std::exp(-mean * (codes - 1)), later * turn};
}

std::vector<double> ArrivalTimeModel::law() const {
  if (encoding == Encoding::compare) return {0.5, 0.5};
  if (encoding == Encoding::parity) return {even(rate + dark), 1 - even(rate + dark)};
  const double spread = jitter / step_length();
  if (encoding == Encoding::bin) {
    const auto ends = edges();
    const double all = arrived(ends.back(), spread) - arrived(0, spread);
    std::vector<double> law;
    for (std::size_t k = 0; k + 1 < ends.size(); ++k)
      law.push_back((arrived(ends[k + 1], spread) - arrived(ends[k], spread)) / all);
    return law;
  }
  const double mean = (rate + dark) * step * 1e-3;
  const double start = std::fmod(dead / step, std::ldexp(1.0, static_cast<int>(bits)));
  if (!free_running) return folded(edges(), start, mean, spread, [&](double t) { return arrived(t, spread); });
  // The last detection's place is uniform, and both ends jitter.
  constexpr int places = 64;
  std::vector<double> law(std::size_t{1} << bits, 0.0);
  const double both = spread * std::numbers::sqrt2;
  for (int i = 0; i < places; ++i) {
    const auto one =
        folded(edges(), start + (i + 0.5) / places, mean, both, [&](double t) { return arrived(t, both); });
    for (std::size_t k = 0; k < one.size(); ++k)
      law[k] += one[k] / places;
  }
  return law;
}

ArrivalTimeModel::Guess ArrivalTimeModel::guess() const {
  const double share = dark_share();
  const auto least = [](double p) { return std::min(1.0, p); };
  if (share >= 1) return {1, 1};
  const double light = rate * step_length() * 1e-3;
  const double codes = std::ldexp(1.0, static_cast<int>(bits));
  const double widest = weights.empty() ? 1 : *std::max_element(weights.begin(), weights.end());
  const double spread = jitter / step_length();
  switch (encoding) {
    case Encoding::parity: {
      // Dark counts are known. With a dead time they also hide light: then a gate with any is known.
      const double p = even(rate);
      const double none = dead > 0 ? std::exp(-dark * period() * 1e-3) : 1;
      const double one = least(1 - none + none * std::max(p, 1 - p));
      return {one, one};
    }
    case Encoding::compare: {
      // Half, and half of what the two probabilities differ by. A dark count that comes before light changes them, and
      // so does jitter. Of two intervals that wait alike, one is moved by a part d of a step: its count changes with
      // d times the largest density of an interval's place in its step, and that matters only where the other's count
      // is one of two. A count has probability 1 - q at most, two have 1 - q^2, and both are equal with 1 - q at most.
      const double mean = (rate + dark) * step * 1e-3;
      const double known = 1 - (1 - share) * (1 - share);
      const double untied = std::exp(-mean);
      const double density = mean / -std::expm1(-mean) * -std::expm1(-2 * mean);
      const auto with = [&](double apart) {
        return least((1 + known + (known + least(density * apart)) / untied) / 2);
      };
      return {with(2 * spread / std::sqrt(std::numbers::pi)), with(2 * bound * spread)};
    }
    case Encoding::bin: {
      const double one = -std::expm1(-light * widest);
      const double valid = arrived(codes, spread) - arrived(0, spread);
      const double at_worst = arrived(codes - bound * spread, 0);
      return {least(share + one / valid), at_worst > 0 ? least(share + one / at_worst) : 1};
    }
    case Encoding::counter: break;
  }
  const double most = least(share + std::expm1(-light * widest) / std::expm1(-light * codes));
  if (!weights.empty()) return {most, most};
  constexpr int cells = 4096;
  const double start = dead / step - std::floor(dead / step);
  double average = 0;
  for (int i = 0; i < cells; ++i) {
    const double low = static_cast<double>(i) / cells;
    const double high = (i + 1.0) / cells;
    const double mass = free_running ? 1.0 / cells : wrapped_normal(low, high, start, spread);
    // One falls with the place, the other rises.
    average += mass * std::max(first_two(low, light).here, first_two(high, light).next);
  }
  return {least(share + average), most};
}

}  // namespace lightseed::simulated
