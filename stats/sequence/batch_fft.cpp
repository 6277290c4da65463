// SPDX-License-Identifier: Apache-2.0
#include "stats/sequence/batch_fft.h"

#include <cmath>

namespace lightseed::stats {

BatchFft::BatchFft(std::size_t n) : length(n) {
  std::size_t sub = 1;
  const auto add = [&](std::size_t radix) {
    Stage stage{.radix = radix, .sub = sub, .factors = {}};
    for (std::size_t k = 0; k < sub; ++k) {
      for (std::size_t r = 1; r < radix; ++r)
        stage.factors.push_back(root_of_unity(r * k, sub * radix));
    }
    stages.push_back(std::move(stage));
    sub *= radix;
    n /= radix;
  };
  for (const std::size_t radix : {4U, 2U, 3U, 5U}) {
    while (n % radix == 0)
      add(radix);
  }
}

bool is_smooth(std::size_t n) noexcept {
  for (const std::size_t prime : {2U, 3U, 5U}) {
    while (n > 1 && n % prime == 0)
      n /= prime;
  }
  return n == 1;
}

Complex root_of_unity(std::size_t k, std::size_t n) {
  const long double angle =
      -2 * 3.14159265358979323846264338327950288L * static_cast<long double>(k % n) / static_cast<long double>(n);
  return {static_cast<double>(std::cos(angle)), static_cast<double>(std::sin(angle))};
}

}  // namespace lightseed::stats
