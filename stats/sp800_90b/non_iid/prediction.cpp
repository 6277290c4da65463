// SPDX-License-Identifier: Apache-2.0
#include "stats/sp800_90b/non_iid/prediction.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "stats/sp800_90b/bisection.h"
#include "stats/sp800_90b/confidence.h"

namespace lightseed::sp800_90b {
namespace {

/// ln of the probability that `n` independent predictions, each right with probability p, hold no run of `r`
/// right ones (Feller; 6.3.7 step 6). In extended precision, like NIST's tool: 1 - p can be tiny.
double log_no_run(double probability, std::uint64_t r, std::uint64_t n) {
  const long double p = probability;
  const long double q = 1 - p;
  const auto length = static_cast<long double>(r);
  const long double factor = q * std::pow(p, length);
  long double x = 1;
  long double before = 0;
  // Climbs to the root near 1; 66 rounds at most, as step 6 of the standard's appendix G has it.
  for (int round = 0; round < 66 && x - before > std::numeric_limits<long double>::epsilon() * x; ++round) {
    before = x;
    x = 1 + factor * std::pow(x, length + 1);
  }
  return static_cast<double>(std::log(1 - p * x) - std::log((length + 1 - length * x) * q) -
                             (static_cast<long double>(n) + 1) * std::log(x));
}

}  // namespace

Prediction prediction(std::uint64_t correct, std::uint64_t longest_run, std::uint64_t predictions, unsigned alphabet) {
  Prediction result;
  result.correct = correct;
  result.run = longest_run + 1;
  result.predictions = predictions;
  const auto n = static_cast<double>(predictions);
  result.p_global = static_cast<double>(correct) / n;
  result.p_global_bound =
      correct > 0 ? static_cast<double>(upper_bound(result.p_global, predictions)) : 1 - std::pow(0.01, 1 / n);
  double p = std::max(1.0 / alphabet, result.p_global_bound);
  const double target = std::log(0.99);
  const auto no_run = [&](double candidate) { return log_no_run(candidate, result.run, predictions); };
  // Only a root above what is already certain would lower the result.
  if (p < 1 && no_run(p) > target) {
    result.p_local = bisect(no_run, target, p, 1.0);
    p = std::max(p, *result.p_local);
  }
  result.min_entropy = min_entropy_of(p);
  return result;
}

Estimate estimate_of(std::string_view id, const Prediction& x) {
  Estimate result{.id = std::string(id),
                  .min_entropy = x.min_entropy,
                  .numbers = {{"correct", x.correct},
                              {"run", x.run},
                              {"predictions", x.predictions},
                              {"p_global", x.p_global},
                              {"p_global_bound", x.p_global_bound}}};
  if (x.p_local) result.numbers.emplace_back("p_local", *x.p_local);
  return result;
}

std::optional<Estimate> predictor_again(const Estimate& stated, const ViewShape& shape, std::size_t unpredicted) {
  const auto correct = stated.count("correct");
  const auto run = stated.count("run");
  if (shape.length < unpredicted + 2) return std::nullopt;
  const std::uint64_t predictions = shape.length - unpredicted;
  // The longest run is stated plus one, as the standard's r; right predictions lie in runs of that length at most.
  if (!correct || !run || *correct > predictions || *run < 1 || *run - 1 > *correct || (*correct > 0 && *run == 1))
    return std::nullopt;
  return estimate_of(stated.id, prediction(*correct, *run - 1, predictions, shape.alphabet));
}

}  // namespace lightseed::sp800_90b
