// SPDX-License-Identifier: Apache-2.0
#include "stats/sequence/plain_fft.h"

#include <utility>

#include "stats/sequence/batch_fft.h"

namespace lightseed::stats {

std::vector<std::complex<double>> plain_fft(std::vector<std::complex<double>> x, bool inverse) {
  const std::size_t n = x.size();
  for (std::size_t i = 1, j = 0; i < n; ++i) {
    std::size_t bit = n >> 1;
    for (; (j & bit) != 0; bit >>= 1)
      j ^= bit;
    j ^= bit;
    if (i < j) std::swap(x[i], x[j]);
  }
  for (std::size_t length = 2; length <= n; length *= 2) {
    std::vector<std::complex<double>> roots(length / 2);
    for (std::size_t k = 0; k < roots.size(); ++k) {
      const Complex<double> root = root_of_unity(k, length);
      roots[k] = {root.re, inverse ? -root.im : root.im};
    }
    for (std::size_t first = 0; first < n; first += length) {
      for (std::size_t k = 0; k < length / 2; ++k) {
        const auto a = x[first + k];
        const auto b = x[first + k + length / 2] * roots[k];
        x[first + k] = a + b;
        x[first + k + length / 2] = a - b;
      }
    }
  }
  return x;
}

}  // namespace lightseed::stats
