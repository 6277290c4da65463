// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <random>
#include <vector>

/// The definitions of docs/extractors.md word for word, one bit at a time: slow, and obviously right.
namespace lightseed::naive {

using Bits = std::vector<bool>;
using Words = std::vector<std::uint64_t>;

inline Words words(const Bits& bits) {
  Words packed((bits.size() + 63) / 64, 0);
  for (std::size_t i = 0; i < bits.size(); ++i)
    if (bits[i]) packed[i / 64] |= std::uint64_t{1} << i % 64;
  return packed;
}

inline Bits bits(const Words& packed, std::size_t count) {
  Bits result(count);
  for (std::size_t i = 0; i < count; ++i)
    result[i] = (packed[i / 64] >> i % 64 & 1) != 0;
  return result;
}

/// `count` random bits; the rest of the last word is zero.
inline Words random_words(std::mt19937_64& engine, std::size_t count) {
  Words result((count + 63) / 64);
  for (std::uint64_t& word : result)
    word = engine();
  if (count % 64 != 0) result.back() &= (std::uint64_t{1} << count % 64) - 1;
  return result;
}

/// T[i][j] = t[columns + i - j].
inline Bits toeplitz(const Bits& t, const Bits& x, std::size_t rows) {
  Bits y(rows);
  for (std::size_t i = 0; i < rows; ++i) {
    bool sum = false;
    for (std::size_t j = 0; j < x.size(); ++j)
      sum = sum != (t[x.size() + i - j] && x[j]);
    y[i] = sum;
  }
  return y;
}

inline Bits modified_toeplitz(const Bits& t, const Bits& x, std::size_t m) {
  const std::size_t k = x.size() - m;
  Bits y = toeplitz(t, Bits(x.begin(), x.begin() + static_cast<std::ptrdiff_t>(k)), m);
  for (std::size_t i = 0; i < m; ++i)
    y[i] = y[i] != x[k + i];
  return y;
}

/// The first and the last rows only, for sizes the whole product takes too long for.
inline bool toeplitz_row(const Words& t, const Words& x, std::size_t columns, std::size_t row) {
  bool sum = false;
  for (std::size_t j = 0; j < columns; ++j) {
    const std::size_t d = columns + row - j;
    sum = sum != ((t[d / 64] >> d % 64 & x[j / 64] >> j % 64 & 1) != 0);
  }
  return sum;
}

}  // namespace lightseed::naive
