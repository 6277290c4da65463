// SPDX-License-Identifier: Apache-2.0
#include "stats/gmt0005/gmt0005.h"

#include "stats/sequence/patterns.h"
#include "stats/sp800_22/linear_complexity_classes.h"

namespace lightseed::stats::gmt0005 {
namespace {

void put(TestResult& result, const Values& values) {
  result.p.emplace_back(values.p);
  result.q.emplace_back(values.q);
}

void put(TestResult& result, double p) {
  put(result, {.p = p, .q = p});
}

/// One value of `of(parameter)` for each parameter.
template <typename Parameter, typename Of>
TestResult for_each(const std::vector<Parameter>& parameters, Of of) {
  TestResult result;
  for (const Parameter parameter : parameters)
    put(result, of(parameter));
  return result;
}

TestResult of_pair(const std::pair<double, double>& values) {
  TestResult result;
  put(result, values.first);
  put(result, values.second);
  return result;
}

template <typename Value>
TestResult of_one(const Value& value) {
  TestResult result;
  put(result, value);
  return result;
}

TestResult overlapping_subsequence(const Facts& facts) {
  TestResult result;
  for (const unsigned m : facts.parameters.overlapping) {
    const auto [first, second] = serial_p(facts.sequence, m);
    put(result, first);
    put(result, second);
  }
  return result;
}

TestResult universal(const Facts& facts) {
  const auto statistic = universal_statistic(facts.sequence.bits());
  if (!statistic) return {.p = {std::nullopt}, .q = {std::nullopt}};
  return of_one(two_sided(*statistic));
}

}  // namespace

const std::vector<BatteryTest<Facts>>& tests() {
  static const std::vector<BatteryTest<Facts>> all{
      {"frequency", "5.1", 100, [](const Facts& f) { return of_one(frequency(f.sequence)); }},
      {"block-frequency", "5.2", 20'000,
       [](const Facts& f) {
         return for_each(f.parameters.block_frequency,
                         [&](std::size_t m) { return block_frequency_p(f.sequence.bits(), m); });
       }},
      {"poker", "5.3", 20'000,
       [](const Facts& f) {
         return for_each(f.parameters.poker, [&](unsigned m) { return poker(f.sequence.bits(), m); });
       }},
      {"overlapping-subsequence", "5.4", 1'000, overlapping_subsequence},
      {"runs", "5.5", 100, [](const Facts& f) { return of_one(runs(f.sequence)); }},
      {"run-distribution", "5.6", 1'000, [](const Facts& f) { return of_one(run_distribution(f.sequence.bits())); }},
      {"longest-run", "5.7", 128,
       [](const Facts& f) {
         return of_pair({longest_run(f.sequence.bits(), true), longest_run(f.sequence.bits(), false)});
       }},
      {"binary-derivation", "5.8", 1'000,
       [](const Facts& f) {
         return for_each(f.parameters.derivation, [&](unsigned k) { return binary_derivation(f.sequence.bits(), k); });
       }},
      {"autocorrelation", "5.9", 1'000,
       [](const Facts& f) {
         return for_each(f.parameters.autocorrelation, [&](std::size_t d) { return autocorrelation(f.sequence, d); });
       }},
      {"rank", "5.10", 38'912, [](const Facts& f) { return of_one(rank(f.sequence.bits())); }},
      {"cumulative-sums", "5.11", 100, [](const Facts& f) { return of_pair(cumulative_sums(f.sequence)); }},
      {"approximate-entropy", "5.12", 20'000,
       [](const Facts& f) {
         return for_each(f.parameters.approximate_entropy,
                         [&](unsigned m) { return approximate_entropy_p(f.sequence, m); });
       }},
      {"linear-complexity", "5.13", least_for_structure,
       [](const Facts& f) {
         return for_each(f.parameters.linear_complexity, [&](std::size_t m) {
           return sp800_22::linear_complexity_p(f.sequence.bits(), m, linear_complexity_probabilities);
         });
       }},
      {"universal", "5.14", least_for_structure, universal},
      {"dft", "5.15", least_for_structure, [](const Facts& f) { return of_one(dft(f.sequence, f.spectrum)); }},
  };
  return all;
}

}  // namespace lightseed::stats::gmt0005
