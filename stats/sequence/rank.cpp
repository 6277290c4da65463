// SPDX-License-Identifier: Apache-2.0
#include "stats/sequence/rank.h"

#include <bit>
#include <cmath>

namespace lightseed::stats {
namespace {

constexpr unsigned size = 32;

unsigned rank(const BitString& bits, std::size_t first) {
  std::array<std::uint32_t, size + 1> leading{};  // the row of the basis whose highest one is at that place
  unsigned rank = 0;
  for (unsigned i = 0; i < size; ++i) {
    auto row = static_cast<std::uint32_t>(bits.window(first + size * i));
    while (row != 0) {
      std::uint32_t& basis = leading[static_cast<std::size_t>(std::countl_zero(row))];
      if (basis == 0) {
        basis = row;
        ++rank;
        break;
      }
      row ^= basis;
    }
  }
  return rank;
}

}  // namespace

std::array<std::uint64_t, 3> matrix_ranks(const BitString& bits) {
  std::array<std::uint64_t, 3> counts{};
  for (std::size_t first = 0; first + size * size <= bits.size(); first += size * size) {
    const unsigned r = rank(bits, first);
    ++counts[r == size ? 0 : r + 1 == size ? 1 : 2];
  }
  return counts;
}

std::array<double, 3> matrix_rank_probabilities() {
  const auto probability = [](int r) {
    double product = 1;
    for (int i = 0; i < r; ++i) {
      const double a = 1 - std::exp2(i - static_cast<int>(size));
      product *= a * a / (1 - std::exp2(i - r));
    }
    const int n = static_cast<int>(size);
    return std::exp2(r * (2 * n - r) - n * n) * product;
  };
  const double full = probability(32);
  const double less = probability(31);
  return {full, less, 1 - (full + less)};
}

}  // namespace lightseed::stats
