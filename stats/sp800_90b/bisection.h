// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bit>
#include <cmath>
#include <cstdint>

namespace lightseed::sp800_90b {

/// Two positive or two negative values with at most four representable numbers between them.
inline bool nearly_equal(double a, double b) {
  if (a == b) return true;
  if (std::signbit(a) != std::signbit(b) || !std::isfinite(a) || !std::isfinite(b)) return false;
  const auto x = std::bit_cast<std::int64_t>(std::abs(a));
  const auto y = std::bit_cast<std::int64_t>(std::abs(b));
  return std::abs(x - y) <= 4;
}

/// Where a falling function on [low, high] takes the value `target`.
///
/// Plain halving, on purpose: near p = 1 the root is known to a few units in the last place only, and two
/// programs agree there to ten digits only if they halve the same interval in the same way.
template <typename Function>
double bisect(const Function& function, double target, double low, double high) {
  double above = HUGE_VAL;   // function(low)
  double below = -HUGE_VAL;  // function(high)
  for (;;) {
    const double middle = (low + high) / 2;
    if (!(middle > low && middle < high)) return high;
    const double value = function(middle);
    // A value outside its neighbours' values is rounding noise: the interval holds no more information.
    if (!(value <= above && value >= below)) return high;
    if (nearly_equal(value, target)) return middle;
    if (target < value) {
      low = middle;
      above = value;
    } else {
      high = middle;
      below = value;
    }
  }
}

}  // namespace lightseed::sp800_90b
