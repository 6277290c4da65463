// SPDX-License-Identifier: Apache-2.0
// Tests that count ones, changes and places of the walk: 2.1–2.4, 2.13–2.15.
#include <algorithm>
#include <array>
#include <cmath>

#include "stats/sp800_22/sp800_22.h"
#include "stats/special/gamma.h"

namespace lightseed::stats::sp800_22 {
namespace {

constexpr std::size_t block = 128;

double phi(double x) {
  return normal_tail(-x);
}

/// 2.13 as NIST's program computes it: C's integer division cuts off at every step.
double sums_by_program(std::int64_t z, std::int64_t n) {
  const double root = std::sqrt(static_cast<double>(n));
  const auto at = [&](std::int64_t k) { return phi(static_cast<double>(k * z) / root); };
  double sum1 = 0;
  for (std::int64_t k = (-n / z + 1) / 4; k <= (n / z - 1) / 4; ++k)
    sum1 += at(4 * k + 1) - at(4 * k - 1);
  double sum2 = 0;
  for (std::int64_t k = (-n / z - 3) / 4; k <= (n / z - 1) / 4; ++k)
    sum2 += at(4 * k + 3) - at(4 * k + 1);
  return 1 - sum1 + sum2;
}

/// The same series over all k, in upper tails: exact where p is tiny.
double sums(std::int64_t z, std::int64_t n) {
  const double a = static_cast<double>(z) / std::sqrt(static_cast<double>(n));
  double sum = 0;
  double sign = 1;
  for (int k = 0;; ++k, sign = -sign) {
    const double term = 4 * normal_tail((2 * k + 1) * a);
    sum += sign * term;
    if (term < 1e-17 * sum || term == 0 || k > 1'000'000) return std::clamp(sum, 0.0, 1.0);
  }
}

struct RunClasses {
  std::size_t block;
  unsigned first;  ///< the first class: runs of this length or shorter
  std::vector<double> p;
};

RunClasses run_classes(const Facts& facts) {
  const std::uint64_t n = facts.sequence.size();
  if (n >= 750'000) {
    const auto& p = facts.profile.longest_run_10000;
    return {10'000, 10, {p.begin(), p.end()}};
  }
  if (n >= 6'272) return {128, 4, {0.1174035788, 0.242955959, 0.249363483, 0.17517706, 0.102701071, 0.112398847}};
  return {8, 1, {0.21484375, 0.3671875, 0.23046875, 0.1875}};
}

std::optional<double> excursion_p(const RandomWalk& walk, std::size_t place) {
  const auto cycles = static_cast<double>(walk.cycles);
  const int x = static_cast<int>(place) < 4 ? 4 - static_cast<int>(place) : static_cast<int>(place) - 3;  // |x|
  const double stay = 1 - 1.0 / (2 * x);
  double chi = 0;
  for (int k = 0; k <= 5; ++k) {
    const double p = k == 0 ? stay : k == 5 ? std::pow(stay, 4) / (2 * x) : std::pow(stay, k - 1) / (4.0 * x * x);
    const double expected = cycles * p;
    const double seen = static_cast<double>(walk.cycles_with[place][static_cast<std::size_t>(k)]);
    chi += (seen - expected) * (seen - expected) / expected;
  }
  return chi_square_tail(chi, 5);
}

bool enough_cycles(const Facts& facts) {
  const double least = std::max(0.005 * std::sqrt(facts.sequence.length()), fewest_cycles);
  return static_cast<double>(facts.sequence.walk().cycles) >= std::floor(least);
}

}  // namespace

TestResult frequency(const Facts& facts) {
  const double n = facts.sequence.length();
  const double sum = 2 * static_cast<double>(facts.sequence.ones()) - n;
  return {.p = {std::erfc(std::abs(sum) / std::sqrt(2 * n))}};
}

TestResult block_frequency(const Facts& facts) {
  const std::uint64_t blocks = facts.sequence.size() / block;
  // 4 M sum (ones/M - 1/2)^2 = sum (2 ones - M)^2 / M, whole but for the last division.
  std::uint64_t squares = 0;
  for (std::uint64_t i = 0; i < blocks; ++i) {
    const auto excess = 2 * static_cast<std::int64_t>(ones_in(facts.sequence.bits(), i * block, block)) -
                        static_cast<std::int64_t>(block);
    squares += static_cast<std::uint64_t>(excess * excess);
  }
  return {.p = {chi_square_tail(static_cast<double>(squares) / block, static_cast<double>(blocks))}};
}

TestResult cumulative_sums(const Facts& facts) {
  const RandomWalk& walk = facts.sequence.walk();
  const auto n = static_cast<std::int64_t>(facts.sequence.size());
  const std::int64_t forward = std::max(walk.highest, -walk.lowest);
  const std::int64_t backward = std::max(walk.highest - walk.end, walk.end - walk.lowest);
  const auto p = facts.profile.sums_cut_off ? sums_by_program : sums;
  return {.p = {p(forward, n), p(backward, n)}};
}

TestResult runs(const Facts& facts) {
  const double n = facts.sequence.length();
  const double share = static_cast<double>(facts.sequence.ones()) / n;
  if (std::abs(share - 0.5) > 2 / std::sqrt(n)) return {.p = {0.0}};
  const double runs = static_cast<double>(facts.sequence.changes(1)) + 1;
  const double expected = 2 * n * share * (1 - share);
  return {.p = {std::erfc(std::abs(runs - expected) / (2 * share * (1 - share) * std::sqrt(2 * n)))}};
}

TestResult longest_run(const Facts& facts) {
  const RunClasses classes = run_classes(facts);
  const auto last = static_cast<unsigned>(classes.p.size() - 1);
  std::vector<double> seen(classes.p.size());
  const auto longest = longest_runs(facts.sequence.bits(), classes.block, true, classes.first + last);
  for (const unsigned length : longest)
    ++seen[std::max(length, classes.first) - classes.first];
  double chi = 0;
  for (std::size_t i = 0; i < seen.size(); ++i) {
    const double expected = static_cast<double>(longest.size()) * classes.p[i];
    chi += (seen[i] - expected) * (seen[i] - expected) / expected;
  }
  return {.p = {chi_square_tail(chi, last)}};
}

TestResult random_excursions(const Facts& facts) {
  TestResult result{.p = std::vector<std::optional<double>>(8)};
  if (!enough_cycles(facts)) return result;
  for (std::size_t place = 0; place < 8; ++place)
    result.p[place] = excursion_p(facts.sequence.walk(), place);
  return result;
}

TestResult random_excursions_variant(const Facts& facts) {
  TestResult result{.p = std::vector<std::optional<double>>(18)};
  if (!enough_cycles(facts)) return result;
  const RandomWalk& walk = facts.sequence.walk();
  const auto cycles = static_cast<double>(walk.cycles);
  std::size_t next = 0;
  for (int x = -9; x <= 9; ++x) {
    if (x == 0) continue;
    const double visits = static_cast<double>(walk.visits[static_cast<std::size_t>(x + 9)]);
    result.p[next++] = std::erfc(std::abs(visits - cycles) / std::sqrt(2 * cycles * (4 * std::abs(x) - 2)));
  }
  return result;
}

}  // namespace lightseed::stats::sp800_22
