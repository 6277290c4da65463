// SPDX-License-Identifier: Apache-2.0
// Tests that count ones, changes and places of the walk: 2.1–2.4, 2.13–2.15.
#include <algorithm>
#include <array>
#include <cmath>

#include "stats/sequence/classes.h"
#include "stats/sequence/patterns.h"
#include "stats/sequence/random_walk.h"
#include "stats/sequence/runs.h"
#include "stats/sp800_22/sp800_22.h"
#include "stats/special/gamma.h"

namespace lightseed::stats::sp800_22 {
namespace {

constexpr std::size_t bits_per_block = 128;

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
  return std::clamp(1 - sum1 + sum2, 0.0, 1.0);
}

std::vector<double> longest_run_probabilities(const Facts& facts, const LongestRunClasses& classes) {
  const auto& p = facts.profile.longest_run_10000;
  if (classes.block == 10'000) return {p.begin(), p.end()};
  if (classes.block == 128) return {0.1174035788, 0.242955959, 0.249363483, 0.17517706, 0.102701071, 0.112398847};
  return {0.21484375, 0.3671875, 0.23046875, 0.1875};
}

double excursion_p(const RandomWalk& walk, std::size_t place) {
  const int x = static_cast<int>(place) < 4 ? 4 - static_cast<int>(place) : static_cast<int>(place) - 3;  // |x|
  const double stay = 1 - 1.0 / (2 * x);
  std::array<double, 6> probabilities;
  for (int k = 0; k <= 5; ++k) {
    probabilities[static_cast<std::size_t>(k)] = k == 0   ? stay
                                                 : k == 5 ? std::pow(stay, 4) / (2 * x)
                                                          : std::pow(stay, k - 1) / (4.0 * x * x);
  }
  return classes_p(walk.cycles_with[place], probabilities);
}

bool enough_cycles(const Facts& facts) {
  const double least = std::max(0.005 * std::sqrt(facts.sequence.length()), fewest_cycles);
  return static_cast<double>(facts.sequence.walk().cycles) >= std::floor(least);
}

}  // namespace

TestResult frequency(const Facts& facts) {
  const double n = facts.sequence.length();
  return {.p = {two_sided_normal((2 * static_cast<double>(facts.sequence.ones()) - n) / std::sqrt(n))}};
}

TestResult block_frequency(const Facts& facts) {
  return {.p = {block_frequency_p(facts.sequence.bits(), bits_per_block)}};
}

TestResult cumulative_sums(const Facts& facts) {
  const RandomWalk& walk = facts.sequence.walk();
  const auto n = static_cast<std::int64_t>(facts.sequence.size());
  const auto p = facts.profile.sums_cut_off ? sums_by_program : excursion_tail;
  return {.p = {p(walk.reach(), n), p(walk.reach_backward(), n)}};
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
  const LongestRunClasses classes = longest_run_classes(facts.sequence.size());
  return {.p = {classes_p(longest_run_counts(facts.sequence.bits(), classes, true),
                          longest_run_probabilities(facts, classes))}};
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
    const double visits = static_cast<double>(walk.visits[static_cast<std::size_t>(std::int64_t{x} + 9)]);
    result.p[next++] = std::erfc(std::abs(visits - cycles) / std::sqrt(2 * cycles * (4 * std::abs(x) - 2)));
  }
  return result;
}

}  // namespace lightseed::stats::sp800_22
