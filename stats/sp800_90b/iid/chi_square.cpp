// SPDX-License-Identifier: Apache-2.0
#include "stats/sp800_90b/iid/chi_square.h"

#include <algorithm>
#include <bit>
#include <boost/math/special_functions/gamma.hpp>
#include <cmath>
#include <vector>

#include "stats/sp800_90b/iid/shares.h"

namespace lightseed::sp800_90b {

ChiSquare chi_square(double statistic, std::int64_t degrees) {
  ChiSquare result{.statistic = statistic, .degrees = degrees};
  if (degrees > 0) result.p = boost::math::gamma_q(static_cast<double>(degrees) / 2, statistic / 2);
  return result;
}

namespace {

/// Outcomes put together, rarest first, until each bin expects five (5.2.1, step 3).
struct Bins {
  std::vector<std::uint32_t> bin_of;  ///< outcome -> bin
  std::vector<double> expected;

  explicit Bins(const std::vector<double>& expectations) : bin_of(expectations.size()) {
    std::vector<std::uint32_t> order(expectations.size());
    for (std::uint32_t i = 0; i < order.size(); ++i)
      order[i] = i;
    std::sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) {
      return expectations[a] != expectations[b] ? expectations[a] < expectations[b] : a < b;
    });
    double sum = 0;
    std::uint32_t bin = 0;
    for (const std::uint32_t outcome : order) {
      if (sum >= 5) {
        expected.push_back(sum);
        ++bin;
        sum = 0;
      }
      bin_of[outcome] = bin;
      sum += expectations[outcome];
    }
    if (bin > 0 && sum < 5) {
      std::replace(bin_of.begin(), bin_of.end(), bin, bin - 1);
      expected.back() += sum;
    } else {
      expected.push_back(sum);
    }
  }

  [[nodiscard]] double statistic(const std::vector<std::uint32_t>& observed) const {
    double sum = 0;
    for (std::size_t i = 0; i < expected.size(); ++i)
      sum += std::pow(observed[i] - expected[i], 2) / expected[i];
    return sum;
  }
};

}  // namespace

ChiSquare independence(std::span<const std::uint8_t> symbols, unsigned alphabet) {
  const std::vector<double> shares = shares_of(symbols, alphabet);
  const std::size_t whole_pairs = symbols.size() / 2;
  const auto pairs = static_cast<double>(whole_pairs);
  std::vector<double> expectations;
  expectations.reserve(std::size_t{alphabet} * alphabet);
  for (const double first : shares) {
    for (const double second : shares)
      expectations.push_back(first * second * pairs);
  }
  const Bins bins(expectations);
  std::vector<std::uint32_t> observed(bins.expected.size());
  for (std::size_t i = 0; i + 1 < symbols.size(); i += 2)
    ++observed[bins.bin_of[symbols[i] * alphabet + symbols[i + 1]]];
  return chi_square(bins.statistic(observed), static_cast<std::int64_t>(observed.size()) - alphabet);
}

ChiSquare goodness_of_fit(std::span<const std::uint8_t> symbols, unsigned alphabet) {
  const std::size_t part = symbols.size() / 10;
  std::vector<double> expectations = shares_of(symbols, alphabet);
  for (double& expectation : expectations)
    expectation *= static_cast<double>(part);
  const Bins bins(expectations);
  double sum = 0;
  for (std::size_t k = 0; k < 10; ++k) {
    std::vector<std::uint32_t> observed(bins.expected.size());
    for (const std::uint8_t symbol : symbols.subspan(k * part, part))
      ++observed[bins.bin_of[symbol]];
    sum += bins.statistic(observed);
  }
  return chi_square(sum, 9 * (static_cast<std::int64_t>(bins.expected.size()) - 1));
}

ChiSquare independence(const BitString& bits) {
  const std::size_t n = bits.size();
  const double p1 = static_cast<double>(bits.ones()) / static_cast<double>(n);
  const double p0 = 1 - p1;
  // The longest tuple, up to 11 bits, of which the rarest is expected five times.
  const auto rarest_expected = [&](unsigned length) {
    const std::size_t tuples = n / length;
    return std::pow(std::min(p0, p1), length) * static_cast<double>(tuples);
  };
  unsigned m = 11;
  while (m > 1 && rarest_expected(m) < 5)
    --m;
  if (m < 2) return chi_square(0, 0);
  std::vector<std::uint32_t> observed(std::size_t{1} << m);
  const std::size_t blocks = n / m;
  for (std::size_t i = 0; i < blocks; ++i)
    ++observed[bits.window(i * m) & ((1U << m) - 1)];
  double sum = 0;
  for (std::uint32_t tuple = 0; tuple < observed.size(); ++tuple) {
    const int ones = std::popcount(tuple);
    const double expected = std::pow(p1, ones) * std::pow(p0, static_cast<int>(m) - ones) * static_cast<double>(blocks);
    sum += std::pow(observed[tuple] - expected, 2) / expected;
  }
  return chi_square(sum, (std::int64_t{1} << m) - 2);
}

ChiSquare goodness_of_fit(const BitString& bits) {
  const std::size_t part = bits.size() / 10;
  const double p = static_cast<double>(bits.ones()) / static_cast<double>(bits.size());
  const double zeros_expected = (1 - p) * static_cast<double>(part);
  const double ones_expected = p * static_cast<double>(part);
  double sum = 0;
  for (std::size_t k = 0; k < 10; ++k) {
    double ones = 0;
    for (std::size_t i = k * part; i < (k + 1) * part; ++i)
      ones += bits[i] ? 1 : 0;
    const double zeros = static_cast<double>(part) - ones;
    sum += std::pow(zeros - zeros_expected, 2) / zeros_expected + std::pow(ones - ones_expected, 2) / ones_expected;
  }
  return chi_square(sum, 9);
}

}  // namespace lightseed::sp800_90b
