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

}  // namespace lightseed::sp800_90b
