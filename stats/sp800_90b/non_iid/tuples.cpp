// SPDX-License-Identifier: Apache-2.0
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

/// What a stated largest probability comes to: its upper bound and the min-entropy.
std::optional<double> entropy_of(std::optional<double> p, std::uint64_t length, double& bound) {
  if (!p || *p <= 0 || *p > 1) return std::nullopt;
  const long double upper = upper_bound(*p, length);
  bound = static_cast<double>(upper);
  return min_entropy_of(upper);
}

Estimate estimate_of(const TTuple& x) {
  return {.id = "t-tuple",
          .min_entropy = x.min_entropy,
          .numbers = {{"t", std::uint64_t{x.t}}, {"p_max", x.p_max}, {"p_u", x.p_u}}};
}

Estimate estimate_of(const LongestRepeat& x) {
  return {.id = "lrs",
          .min_entropy = x.min_entropy,
          .numbers = {{"u", std::uint64_t{x.u}}, {"v", std::uint64_t{x.v}}, {"p_hat", x.p_hat}, {"p_u", x.p_u}}};
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

Estimator t_tuple_estimator() {
  return {.id = "t-tuple",
          .clause = "6.3.5",
          .looks_for = "a short pattern that comes too often",
          .run =
              [](const ViewedData& data, const Rules&) {
                if (const auto x = t_tuple(data.census(), data.size())) return estimate_of(*x);
                return Estimate{.id = "t-tuple", .not_run = "no symbol comes 35 times"};
              },
          .recompute = [](const Estimate& stated, const ViewShape& shape) -> std::optional<Estimate> {
            const auto t = stated.count("t");
            TTuple x{.p_max = stated.number("p_max").value_or(0)};
            const auto entropy = entropy_of(x.p_max, shape.length, x.p_u);
            // The likeliest symbol alone makes p_max one in k or more.
            if (!t || *t < 1 || *t >= shape.length || !entropy || x.p_max * shape.alphabet < 1 - 1e-9)
              return std::nullopt;
            x.t = *t;
            x.min_entropy = *entropy;
            return estimate_of(x);
          },
          // With 34 symbols of each kind, one more makes 35 of one.
          .may_lack =
              [](const ViewShape& shape) {
                return shape.length <= std::uint64_t{RepeatCensus::frequent - 1} * shape.alphabet;
              }};
}

Estimator lrs_estimator() {
  return {.id = "lrs",
          .clause = "6.3.6",
          .looks_for = "long repeats",
          .shares_step_with = "t-tuple",
          .run =
              [](const ViewedData& data, const Rules&) {
                if (const auto x = longest_repeat(data.census(), data.size())) return estimate_of(*x);
                return Estimate{.id = "lrs", .not_run = "no string repeats that comes fewer than 35 times"};
              },
          .recompute = [](const Estimate& stated, const ViewShape& shape) -> std::optional<Estimate> {
            const auto u = stated.count("u");
            const auto v = stated.count("v");
            LongestRepeat x{.p_hat = stated.number("p_hat").value_or(0)};
            const auto entropy = entropy_of(x.p_hat, shape.length, x.p_u);
            if (!u || !v || *u < 1 || *v < *u || *v >= shape.length || !entropy) return std::nullopt;
            x.u = *u;
            x.v = *v;
            x.min_entropy = *entropy;
            return estimate_of(x);
          },
          // A string that comes 35 times, while all longer ones are unique, is followed by 34 different symbols. In a
          // million samples of eight bits it must have two, and no three may ever repeat: no source does that.
          .may_lack =
              [](const ViewShape& shape) {
                return shape.alphabet >= RepeatCensus::frequent - 1 && shape.length < 1'000'000;
              }};
}

}  // namespace lightseed::sp800_90b
