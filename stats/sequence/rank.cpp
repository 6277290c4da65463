// SPDX-License-Identifier: Apache-2.0
#include "stats/sequence/rank.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "core/clones.h"

namespace lightseed::stats {
namespace {

constexpr std::size_t size = 32;
constexpr std::size_t matrices_at_once = 16;  ///< matrices side by side

using Row = std::array<std::uint32_t, matrices_at_once>;  ///< a row of each matrix

/// Takes a row of each matrix into a basis: basis[b] is a row whose highest one is bit b, or 0. Whatever differs from
/// matrix to matrix is a mask, so that the compiler turns the loops over lanes into vector instructions.
LIGHTSEED_INLINE void take_in(std::array<Row, size>& basis, Row row) {
  for (std::size_t b = size; b-- > 0;) {
    Row& known = basis[b];
    for (std::size_t lane = 0; lane < matrices_at_once; ++lane) {
      const std::uint32_t has_bit = 0U - (row[lane] >> b & 1U);
      const std::uint32_t unknown = known[lane] == 0 ? ~std::uint32_t{0} : 0U;
      // A row that brings a new bit stays in the basis, and nothing is left of it.
      known[lane] |= row[lane] & has_bit & unknown;
      row[lane] ^= known[lane] & has_bit;
    }
  }
}

/// The rank of each of the matrices that lie one behind the other.
LIGHTSEED_WIDE void ranks(const std::array<Row, size>& rows, std::array<std::uint32_t, matrices_at_once>& result) {
  std::array<Row, size> basis{};
  for (const Row& row : rows)
    take_in(basis, row);
  result = {};
  for (const Row& known : basis) {
    for (std::size_t lane = 0; lane < matrices_at_once; ++lane)
      result[lane] += known[lane] != 0 ? 1U : 0U;
  }
}

}  // namespace

std::array<std::uint64_t, 3> matrix_ranks(const BitString& bits) {
  std::array<std::uint64_t, 3> counts{};
  const std::size_t matrices = bits.size() / (size * size);
  std::array<Row, size> rows{};
  std::array<std::uint32_t, matrices_at_once> rank{};
  for (std::size_t first = 0; first < matrices; first += matrices_at_once) {
    const std::size_t count = std::min(matrices_at_once, matrices - first);
    for (std::size_t lane = 0; lane < count; ++lane) {
      for (std::size_t row = 0; row < size; ++row)
        rows[row][lane] = static_cast<std::uint32_t>(bits.window(((first + lane) * size + row) * size));
    }
    ranks(rows, rank);
    for (std::size_t lane = 0; lane < count; ++lane)
      ++counts[rank[lane] == size ? 0 : rank[lane] + 1 == size ? 1 : 2];
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
