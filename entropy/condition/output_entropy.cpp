// SPDX-License-Identifier: Apache-2.0
#include "entropy/condition/output_entropy.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

#include "core/error.h"

namespace lightseed {
namespace {

constexpr double minus_infinity = -std::numeric_limits<double>::infinity();

/// log2(1 + 2^x) and log2(1 - 2^x), x <= 0 in the second.
double log2_one_plus(double x) noexcept {
  return x > 60 ? x : std::log1p(std::exp2(x)) / std::numbers::ln2;
}

double log2_one_minus(double x) noexcept {
  return std::log1p(-std::exp2(x)) / std::numbers::ln2;
}

/// log2 of log2(1 + 2^x): for small 2^x it is 2^x / ln 2.
double log2_log2_one_plus(double x) noexcept {
  return x < -60 ? x - std::log2(std::numbers::ln2) : std::log2(log2_one_plus(x));
}

void check(const Conditioning& c) {
  constexpr unsigned most = 1U << 31;
  if (c.n_in == 0 || c.n_out == 0 || c.nw == 0 || c.n_in > most || c.n_out > most || c.nw > most) {
    throw Error(Category::usage, fmt::format("a conditioning component has sizes from 1 to 2^31 bits, not n_in = {}, "
                                             "n_out = {}, nw = {}",
                                             c.n_in, c.n_out, c.nw));
  }
  if (!(c.h_in > 0) || c.h_in > c.n_in) {
    throw Error(Category::usage, fmt::format("the min-entropy of {} input bits is above 0 and at most {}, not {}",
                                             c.n_in, c.n_in, c.h_in));
  }
}

}  // namespace

ConditionedEntropy vetted_output_entropy(const Conditioning& c) {
  check(c);
  // Both candidates for the probability of the likeliest output are written as 2^-n (1 + e); the larger e counts.
  //
  // psi = 2^(n_in-n) P_low + P_high with P_high = 2^-h and P_low = (1 - 2^-h) / (2^n_in - 1):
  //   e = 2^(n-h) - (2^-h - 2^-n_in) / (1 - 2^-n_in) = 2^(n-h) (1 - 2^-n (1 - 2^(h-n_in)) / (1 - 2^-n_in)).
  // omega = (2^(n_in-n) + sqrt(2 n 2^(n_in-n) ln 2)) P_low:
  //   1 + e = (1 + s) (1 - b), s = sqrt(2 n ln 2) 2^(-(n_in-n)/2), b = (2^-h - 2^-n_in) / (1 - 2^-n_in).
  const double n = std::min({c.n_out, c.nw, c.n_in});
  const double n_in = c.n_in;
  const double h = c.h_in;
  const double above_low = h < n_in ? log2_one_minus(h - n_in) - log2_one_minus(-n_in) : minus_infinity;
  const double log2_e_psi = n - h + log2_one_minus(-n + above_low);
  const double log2_s = (std::log2(2 * n * std::numbers::ln2) - (n_in - n)) / 2;
  const double log2_b = -h + above_low;
  const double log2_b_share = log2_b + log2_one_plus(log2_s);  // b (1 + s), to be taken from s
  const double log2_e_omega = log2_b_share < log2_s ? log2_s + log2_one_minus(log2_b_share - log2_s) : minus_infinity;
  const double log2_e = std::max(log2_e_psi, log2_e_omega);

  ConditionedEntropy out;
  out.log2_deficit = log2_log2_one_plus(log2_e);
  out.log2_epsilon_per_bit = c.nw >= c.n_out ? out.log2_deficit - std::log2(n) : 0;
  // h_in - h_out = h - n + log2(1 + e): where psi decides, log2(2^(h-n) + 1 - 2^-n (…)), small when h is far below n.
  const double log2_ratio =
      log2_e_psi >= log2_e_omega ? h - n + (h < n_in ? log2_one_minus(-h + above_low) : 0) : minus_infinity;
  out.log2_deficit_of_input = log2_ratio == minus_infinity ? minus_infinity : log2_log2_one_plus(log2_ratio);
  // Subtracting from the nearer of the two keeps the last places.
  out.h_out = log2_ratio != minus_infinity && h < n ? h - std::exp2(out.log2_deficit_of_input)
                                                    : n - std::exp2(out.log2_deficit);
  out.h_out = std::clamp(out.h_out, 0.0, c.h_in);
  return out;
}

ConditionedEntropy non_vetted_output_entropy(const Conditioning& c, double assessed_per_bit) {
  if (!(assessed_per_bit > 0) || assessed_per_bit > 1) {
    throw Error(Category::usage, fmt::format("the assessed entropy of an output bit is above 0 and at most 1, not {}",
                                             assessed_per_bit));
  }
  ConditionedEntropy out = vetted_output_entropy(c);
  out.h_out = std::min({out.h_out, 0.999 * c.n_out, assessed_per_bit * c.n_out});
  return out;
}

bool gives_full_entropy(const Conditioning& c) noexcept {
  return c.h_in >= static_cast<double>(c.n_out) + 64 && c.nw >= c.n_out;
}

Json to_json(const Conditioning& c, const ConditionedEntropy& entropy) {
  return Json{{"n_in", c.n_in},
              {"n_out", c.n_out},
              {"nw", c.nw},
              {"h_in", c.h_in},
              {"h_out", entropy.h_out},
              {"log2_deficit", entropy.log2_deficit},
              {"full_entropy", gives_full_entropy(c)},
              {"source", "SP 800-90B 3.1.5; full entropy: SP 800-90C, h_in >= n_out + 64"}};
}

}  // namespace lightseed
