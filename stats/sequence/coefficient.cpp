// SPDX-License-Identifier: Apache-2.0
#include "stats/sequence/coefficient.h"

#include <array>

#include "stats/sequence/batch_fft.h"

namespace lightseed::stats {
namespace {

using Number = Complex<double>;

}  // namespace

/// The sum over t of s_t w^t, w a root of order n to j, by Horner's scheme for eight sums side by side: the sum of byte
/// i of every word takes a step of w^64 a word. What a byte adds comes from a table.
double squared_coefficient(const BitString& bits, std::size_t j) {
  constexpr std::size_t bytes = 8;
  const std::size_t n = bits.size();
  const auto power = [&](std::size_t t) { return root_of_unity(t * j % n, n); };  // n < 2^32
  std::array<Number, 256> of_byte{};
  for (std::size_t bit = 0; bit < 8; ++bit) {
    const Number turn = power(bit);
    for (std::size_t value = 0; value < of_byte.size(); ++value) {
      const double sign = sign_of((value >> bit & 1) != 0);
      of_byte[value] = fft::plus(of_byte[value], {sign * turn.re, sign * turn.im});
    }
  }
  const Number step = power(64);
  const std::size_t words = n / 64;
  std::array<Number, bytes> sums{};
  for (std::size_t k = words; k-- > 0;) {
    const std::uint64_t word = bits.words()[k];
    for (std::size_t i = 0; i < bytes; ++i)
      sums[i] = fft::plus(fft::times(sums[i], step), of_byte[word >> 8 * i & 0xff]);
  }
  Number all;
  for (std::size_t i = 0; i < bytes; ++i)
    all = fft::plus(all, fft::times(sums[i], power(8 * i)));
  for (std::size_t t = 64 * words; t < n; ++t) {
    const Number turn = power(t);
    all = fft::plus(all, {sign_of(bits[t]) * turn.re, sign_of(bits[t]) * turn.im});
  }
  return all.re * all.re + all.im * all.im;
}

}  // namespace lightseed::stats
