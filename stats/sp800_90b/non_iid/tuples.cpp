#include "stats/sp800_90b/non_iid/tuples.h"

#include <cmath>

#include "stats/sp800_90b/confidence.h"

namespace lightseed::sp800_90b {
namespace {

/// max over i in [first, last] of p(i)^(1/i). The winner is found by logarithms, its root taken in full precision.
template <typename Probability>
long double largest_root(std::size_t first, std::size_t last, const Probability& p) {
  std::size_t best = first;
  double largest = -HUGE_VAL;
  for (std::size_t i = first; i <= last; ++i) {
    const double root = std::log(static_cast<double>(p(i))) / static_cast<double>(i);
    if (root > largest) {
      largest = root;
      best = i;
    }
  }
  return std::pow(p(best), 1 / static_cast<long double>(best));
}

/// Longest tuple that comes 35 times; 0: none does.
std::size_t longest_frequent(const RepeatCensus& census) {
  return census.most_frequent().empty() ? 0 : census.most_frequent().size() - 1;
}

}  // namespace

std::optional<TTuple> t_tuple(const RepeatCensus& census, std::size_t length) {
  TTuple result;
  result.t = longest_frequent(census);
  if (result.t == 0) return std::nullopt;
  const long double p = largest_root(1, result.t, [&](std::size_t i) {
    return static_cast<long double>(census.most_frequent()[i]) / static_cast<long double>(length - i + 1);
  });
  result.p_max = static_cast<double>(p);
  const long double bound = upper_bound(p, length);
  result.p_u = static_cast<double>(bound);
  result.min_entropy = min_entropy_of(bound);
  return result;
}

std::optional<LongestRepeat> longest_repeat(const RepeatCensus& census, std::size_t length) {
  LongestRepeat result;
  result.u = longest_frequent(census) + 1;
  result.v = census.longest();
  if (result.v < result.u) return std::nullopt;
  const long double p = largest_root(result.u, result.v, [&](std::size_t w) {
    const auto places = static_cast<long double>(length - w + 1);
    return static_cast<long double>(census.pairs()[w]) / (places * (places - 1) / 2);
  });
  result.p_hat = static_cast<double>(p);
  const long double bound = upper_bound(p, length);
  result.p_u = static_cast<double>(bound);
  result.min_entropy = min_entropy_of(bound);
  return result;
}

}  // namespace lightseed::sp800_90b
