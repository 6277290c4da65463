// SPDX-License-Identifier: Apache-2.0
#include "stats/sequence/batch_fft.h"

#include <cmath>

namespace lightseed::stats {

bool is_smooth(std::size_t n) noexcept {
  for (const std::size_t prime : {2U, 3U, 5U}) {
    while (n > 1 && n % prime == 0)
      n /= prime;
  }
  return n == 1;
}

Complex<double> root_of_unity(std::size_t k, std::size_t n) {
  const long double angle =
      -2 * 3.14159265358979323846264338327950288L * static_cast<long double>(k % n) / static_cast<long double>(n);
  return {static_cast<double>(std::cos(angle)), static_cast<double>(std::sin(angle))};
}

}  // namespace lightseed::stats
