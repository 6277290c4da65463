#include "stats/sp800_90b/markov.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>

#include "stats/sp800_90b/confidence.h"

namespace lightseed::sp800_90b {

Markov markov(const BitString& bits) {
  const std::size_t n = bits.size();
  std::uint64_t ones = 0;       // among the first n-1 bits
  std::uint64_t zero_zero = 0;  // pairs
  std::uint64_t one_zero = 0;
  for (std::size_t i = 0; i + 1 < n; i += 64) {
    const std::uint64_t steps = ~std::uint64_t{0} >> (64 - std::min<std::size_t>(64, n - 1 - i));
    const std::uint64_t now = bits.window(i);
    const std::uint64_t next = bits.window(i + 1);
    ones += static_cast<std::uint64_t>(std::popcount(now & steps));
    zero_zero += static_cast<std::uint64_t>(std::popcount(~now & ~next & steps));
    one_zero += static_cast<std::uint64_t>(std::popcount(now & ~next & steps));
  }
  const std::uint64_t zeros = n - 1 - ones;
  Markov result;
  if (zeros > 0) {
    result.p_00 = static_cast<double>(zero_zero) / static_cast<double>(zeros);
    result.p_01 = 1 - result.p_00;
  }
  if (ones > 0) {
    result.p_10 = static_cast<double>(one_zero) / static_cast<double>(ones);
    result.p_11 = 1 - result.p_10;
  }
  result.p_0 = static_cast<double>(zeros + (bits[n - 1] ? 0 : 1)) / static_cast<double>(n);
  result.p_1 = 1 - result.p_0;

  // Table 1 of 6.3.3: the six likeliest shapes of 128 bits, by the logarithm of their probability.
  double entropy = 128;
  const auto consider = [&](double first, double a, double a_times, double b, double b_times) {
    if (a <= 0 || b <= 0) return;
    entropy = std::min(entropy, -std::log2(first) - a_times * std::log2(a) - b_times * std::log2(b));
  };
  consider(result.p_0, result.p_00, 127, 1, 0);
  consider(result.p_0, result.p_01, 64, result.p_10, 63);
  consider(result.p_0, result.p_01, 1, result.p_11, 126);
  consider(result.p_1, result.p_10, 1, result.p_00, 126);
  consider(result.p_1, result.p_10, 64, result.p_01, 63);
  consider(result.p_1, result.p_11, 127, 1, 0);
  result.p_max = std::exp2(-entropy);
  result.min_entropy = std::clamp(entropy / 128, 0.0, 1.0);
  return result;
}

}  // namespace lightseed::sp800_90b
