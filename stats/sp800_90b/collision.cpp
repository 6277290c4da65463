#include "stats/sp800_90b/collision.h"

#include <cmath>

#include "stats/sp800_90b/confidence.h"

namespace lightseed::sp800_90b {

Collision collision(const BitString& bits) {
  Collision result;
  std::uint64_t threes = 0;
  std::size_t i = 0;
  const std::size_t n = bits.size();
  // Two equal bits collide at once, else the third repeats one of them; 56 bits hold 18 waits or more.
  while (i + 64 <= n) {
    std::uint64_t differ = bits.window(i) ^ bits.window(i) >> 1;
    for (unsigned used = 0; used < 56;) {
      const auto wait = static_cast<unsigned>(2 + (differ & 1));
      threes += wait - 2;
      ++result.collisions;
      differ >>= wait;
      used += wait;
      i += wait;
    }
  }
  while (i + 1 < n) {
    const std::size_t wait = bits[i] == bits[i + 1] ? 2 : 3;
    if (i + wait > n) break;
    threes += wait - 2;
    ++result.collisions;
    i += wait;
  }
  result.sum = i;
  const auto v = static_cast<double>(result.collisions);
  const auto sum = static_cast<double>(result.sum);
  const auto squares = static_cast<double>(4 * (result.collisions - threes) + 9 * threes);
  result.mean = sum / v;
  result.sigma = std::sqrt((squares - sum * result.mean) / (v - 1));
  result.mean_bound = std::max(2.0, result.mean - static_cast<double>(z_alpha) * result.sigma / std::sqrt(v));
  // Step 7 solves X' = -2p^2 + 2p + 2 in the end; above 2.5 it has no root and the entropy is full.
  if (result.mean_bound < 2.5) {
    result.p = 0.5 + std::sqrt(1.25 - 0.5 * result.mean_bound);
    result.min_entropy = min_entropy_of(result.p);
  }
  return result;
}

}  // namespace lightseed::sp800_90b
