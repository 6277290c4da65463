// SPDX-License-Identifier: Apache-2.0
#include "stats/sequence/patterns.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "stats/special/gamma.h"

namespace lightseed::stats {
namespace {

__extension__ typedef __int128 Int128;  // ISO C++ has no name for it

/// 2.9.4: from how many bits on a block length is taken, what log2 of the distances comes to, and its variance.
struct UniversalRow {
  std::uint64_t least_bits;
  double expected;
  double variance;
};
constexpr unsigned shortest_block = 6;
constexpr std::array<UniversalRow, 11> universal_rows{{{387'840, 5.2177052, 2.954},
                                                       {904'960, 6.1962507, 3.125},
                                                       {2'068'480, 7.1836656, 3.238},
                                                       {4'654'080, 8.1764248, 3.311},
                                                       {10'342'400, 9.1723243, 3.356},
                                                       {22'753'280, 10.170032, 3.384},
                                                       {49'643'520, 11.168765, 3.401},
                                                       {107'560'960, 12.168070, 3.410},
                                                       {231'669'760, 13.167693, 3.416},
                                                       {496'435'200, 14.167488, 3.419},
                                                       {1'059'061'760, 15.167379, 3.421}}};

/// Sum of log2 of the distance from each block of `length` bits back to the same block, after the first `warm_up`.
double sum_of_distances(const BitString& bits, unsigned length, std::uint64_t warm_up, std::uint64_t blocks) {
  constexpr std::size_t near = 2048;
  std::vector<std::uint32_t> distances(near);
  std::vector<std::uint64_t> last(std::size_t{1} << length);
  const std::uint64_t mask = last.size() - 1;
  double sum = 0;
  for (std::uint64_t i = 1; i <= blocks; ++i) {
    std::uint64_t& seen = last[bits.window((i - 1) * length) & mask];
    const std::uint64_t distance = i - seen;
    seen = i;
    if (i <= warm_up) continue;
    if (distance < near) {
      ++distances[distance];
    } else {
      sum += std::log2(static_cast<double>(distance));
    }
  }
  for (std::size_t d = 2; d < near; ++d) {
    if (distances[d] != 0) sum += distances[d] * std::log2(static_cast<double>(d));
  }
  return sum;
}

/// Sum of c ln c over the counts: n times what pattern frequencies have of entropy, but for a constant.
long double sum_of_logs(const std::vector<std::uint32_t>& counts) {
  long double sum = 0;
  for (const std::uint32_t count : counts) {
    if (count != 0) sum += static_cast<long double>(count * std::log(static_cast<double>(count)));
  }
  return sum;
}

/// psi^2 of 2.11, times the length: 2^m sum c^2 - n^2, whole.
Int128 psi_squared(const Sequence& sequence, unsigned m) {
  if (m == 0) return 0;
  Int128 squares = 0;
  for (const std::uint64_t count : sequence.patterns(m))
    squares += static_cast<Int128>(count * count);
  const auto n = static_cast<Int128>(sequence.size());
  return squares * (Int128{1} << m) - n * n;
}

}  // namespace

std::vector<std::uint32_t> count_windows(const BitString& bits, std::size_t first, std::size_t length, unsigned width) {
  // Windows three bits wider at every fourth place hold four of them each: a quarter as many counts.
  const unsigned wide = width + 3;
  std::vector<std::uint32_t> counts(std::size_t{1} << width);
  std::vector<std::uint32_t> wider(std::size_t{2} << wide);  // two tables in turn: equal neighbours need not wait
  const std::uint64_t mask = (std::uint64_t{1} << wide) - 1;
  std::size_t i = 0;
  constexpr std::size_t step = 48;
  for (; i + step + width + 3 <= length; i += step) {
    const std::uint64_t window = bits.window(first + i);
    for (unsigned k = 0; k < step; k += 8) {
      ++wider[window >> k & mask];
      ++wider[mask + 1 + (window >> (k + 4) & mask)];
    }
  }
  for (std::size_t v = 0; v <= mask; ++v) {
    const std::uint32_t times = wider[v] + wider[v + mask + 1];
    if (times == 0) continue;
    for (unsigned k = 0; k < 4; ++k)
      counts[v >> k & (counts.size() - 1)] += times;
  }
  for (; i + width <= length; ++i)
    ++counts[bits.window(first + i) & (counts.size() - 1)];
  return counts;
}

std::vector<std::uint32_t> count_pieces(const BitString& bits, unsigned width) {
  std::vector<std::uint32_t> counts(std::size_t{1} << width);
  if (width == 4) {
    // Half as many counts of eight bits hold two pieces each.
    const std::vector<std::uint32_t> wider = count_pieces(bits, 2 * width);
    for (std::size_t v = 0; v < wider.size(); ++v) {
      counts[v & 15] += wider[v];
      counts[v >> 4] += wider[v];
    }
    const std::size_t odd = bits.size() / 8 * 8;
    if (odd + width <= bits.size()) ++counts[bits.window(odd) & 15];
    return counts;
  }
  const unsigned together = 64 / width;
  std::size_t i = 0;
  for (; i + std::size_t{together} * width <= bits.size(); i += std::size_t{together} * width) {
    const std::uint64_t window = bits.window(i);
    for (unsigned k = 0; k < together; ++k)
      ++counts[window >> k * width & (counts.size() - 1)];
  }
  for (; i + width <= bits.size(); i += width)
    ++counts[bits.window(i) & (counts.size() - 1)];
  return counts;
}

double block_frequency_p(const BitString& bits, std::size_t block) {
  const std::uint64_t blocks = bits.size() / block;
  // 4 M sum (ones/M - 1/2)^2 = sum (2 ones - M)^2 / M, whole but for the last division.
  std::uint64_t squares = 0;
  for (std::uint64_t i = 0; i < blocks; ++i) {
    const auto excess =
        2 * static_cast<std::int64_t>(ones_in(bits, i * block, block)) - static_cast<std::int64_t>(block);
    squares += static_cast<std::uint64_t>(excess * excess);
  }
  return chi_square_tail(static_cast<double>(squares) / static_cast<double>(block), static_cast<double>(blocks));
}

std::optional<double> universal_statistic(const BitString& bits) {
  const std::uint64_t n = bits.size();
  if (n < universal_rows[0].least_bits) return std::nullopt;
  unsigned length = shortest_block;
  while (length - shortest_block + 1 < universal_rows.size() &&
         n >= universal_rows[length - shortest_block + 1].least_bits)
    ++length;
  const UniversalRow& row = universal_rows[length - shortest_block];
  const std::uint64_t warm_up = std::uint64_t{10} << length;
  const std::uint64_t blocks = n / length;
  const auto tests = static_cast<double>(blocks - warm_up);
  const double mean = sum_of_distances(bits, length, warm_up, blocks) / tests;
  const double c = 0.7 - 0.8 / length + (4 + 32.0 / length) * std::pow(tests, -3.0 / length) / 15;
  return (mean - row.expected) / (c * std::sqrt(row.variance / tests));
}

double approximate_entropy_p(const Sequence& sequence, unsigned m) {
  // 2n (ln 2 - ApEn), the sums' differences taken before anything is divided.
  const long double n = static_cast<long double>(sequence.size());
  const long double less = sum_of_logs(sequence.patterns(m + 1)) - sum_of_logs(sequence.patterns(m));
  const long double chi = 2 * (n * std::log(2.0L) + less);
  return upper_gamma(std::exp2(static_cast<int>(m) - 1), static_cast<double>(chi) / 2);
}

std::pair<double, double> serial_p(const Sequence& sequence, unsigned m) {
  const auto n = static_cast<long double>(sequence.size());
  const Int128 a = psi_squared(sequence, m);
  const Int128 b = psi_squared(sequence, m - 1);
  const Int128 c = psi_squared(sequence, m - 2);
  const auto first = static_cast<double>(static_cast<long double>(a - b) / n);
  const auto second = static_cast<double>(static_cast<long double>(a - 2 * b + c) / n);
  return {upper_gamma(std::exp2(static_cast<int>(m) - 2), first / 2),
          upper_gamma(std::exp2(static_cast<int>(m) - 3), second / 2)};
}

}  // namespace lightseed::stats
