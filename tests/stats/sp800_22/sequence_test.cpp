// SPDX-License-Identifier: Apache-2.0
// Kernels against the plainest way to say what they compute.
#include "stats/sequence/sequence.h"

#include <algorithm>
#include <array>
#include <catch2/catch.hpp>
#include <cmath>
#include <complex>
#include <random>
#include <vector>

#include "stats/sequence/linear_complexity.h"
#include "stats/sequence/patterns.h"
#include "stats/sequence/runs.h"
#include "stats/sequence/spectrum.h"
#include "stats/special/gamma.h"

using namespace lightseed::stats;

namespace {

BitString random_bits(std::size_t n, unsigned seed, unsigned ones_of_16 = 8) {
  std::mt19937 random(seed);
  std::vector<std::uint8_t> bits(n);
  for (auto& bit : bits)
    bit = random() % 16 < ones_of_16 ? 1 : 0;
  return {bits, 1};
}

std::uint32_t plain_linear_complexity(const BitString& bits, std::size_t first, std::size_t length) {
  std::vector<bool> c(length + 1);
  std::vector<bool> b(length + 1);
  c[0] = b[0] = true;
  std::size_t l = 0;
  std::size_t since = 1;
  for (std::size_t n = 0; n < length; ++n) {
    bool d = false;
    for (std::size_t i = 0; i <= l; ++i)
      d = d != (c[i] && bits[first + n - i]);
    if (!d) {
      ++since;
      continue;
    }
    const auto before = c;
    for (std::size_t i = 0; i + since <= length; ++i)
      c[i + since] = c[i + since] != b[i];
    if (2 * l > n) {
      ++since;
      continue;
    }
    l = n + 1 - l;
    b = before;
    since = 1;
  }
  return static_cast<std::uint32_t>(l);
}

}  // namespace

TEST_CASE("linear complexities are those of Berlekamp and Massey, block by block") {
  for (const std::size_t block : {1U, 2U, 63U, 100U}) {
    for (const unsigned ones : {0U, 1U, 8U, 15U, 16U}) {
      const BitString bits = random_bits(block * 300 + 17, 3 + ones, ones);
      const auto lengths = linear_complexities(bits, block);
      REQUIRE(lengths.size() == bits.size() / block);
      std::size_t wrong = 0;
      for (std::size_t i = 0; i < lengths.size(); ++i)
        wrong += lengths[i] == plain_linear_complexity(bits, i * block, block) ? 0 : 1;
      CAPTURE(block, ones);
      CHECK(wrong == 0);
    }
  }
}

TEST_CASE("patterns are counted on a ring, windows within their block") {
  for (const std::size_t n : {100U, 127U, 1000U, 4097U}) {
    const BitString bits = random_bits(n, 7, 5);
    const Sequence sequence(bits, 11);
    for (const unsigned m : {11U, 3U, 1U}) {
      std::vector<std::uint32_t> plain(std::size_t{1} << m);
      for (std::size_t i = 0; i < n; ++i) {
        std::size_t window = 0;
        for (unsigned k = 0; k < m; ++k)
          window |= std::size_t{bits[(i + k) % n]} << k;
        ++plain[window];
      }
      CAPTURE(n, m);
      CHECK(sequence.patterns(m) == plain);
    }
    std::vector<std::uint32_t> plain(512);
    for (std::size_t i = 5; i + 9 <= n - 3; ++i)
      ++plain[bits.window(i) & 511];
    CHECK(count_windows(bits, 5, n - 8, 9) == plain);
  }
}

TEST_CASE("the walk, changes and longest runs") {
  const BitString bits = random_bits(5003, 11);
  const Sequence sequence(bits);
  std::int64_t at = 0;
  std::int64_t high = 0;
  std::uint64_t zeros = 0;
  std::uint64_t threes = 0;
  for (std::size_t i = 0; i < bits.size(); ++i) {
    at += bits[i] ? 1 : -1;
    high = std::max(high, at);
    zeros += at == 0 ? 1 : 0;
    threes += at == 3 ? 1 : 0;
  }
  CHECK(sequence.walk().end == at);
  CHECK(sequence.walk().highest == high);
  CHECK(sequence.walk().cycles == zeros + (at != 0 ? 1 : 0));
  CHECK(sequence.walk().visits[12] == threes);
  for (const std::size_t distance : {1U, 32U, 77U}) {
    std::uint64_t changes = 0;
    for (std::size_t i = 0; i + distance < bits.size(); ++i)
      changes += bits[i] != bits[i + distance] ? 1 : 0;
    CHECK(sequence.changes(distance) == changes);
  }
  for (const std::size_t block : {8U, 128U, 100U}) {
    const auto longest = longest_runs(bits, block, true, 20);
    for (std::size_t b = 0; b < longest.size(); ++b) {
      unsigned run = 0;
      unsigned most = 0;
      for (std::size_t i = 0; i < block; ++i) {
        run = bits[b * block + i] ? run + 1 : 0;
        most = std::max(most, run);
      }
      REQUIRE(longest[b] == most);
    }
  }
}

TEST_CASE("runs, derivations and pieces of any length") {
  for (const std::size_t n : {1U, 63U, 64U, 65U, 1003U}) {
    const BitString bits = random_bits(n, 17, 6);
    for (const unsigned longest : {1U, 5U, 20U, 32U}) {
      std::array<std::vector<std::uint64_t>, 2> plain{std::vector<std::uint64_t>(longest),
                                                      std::vector<std::uint64_t>(longest)};
      for (std::size_t i = 0, begin = 0; i < n; ++i) {
        if (i + 1 < n && bits[i + 1] == bits[i]) continue;
        ++plain[bits[i] ? 1 : 0][std::min<std::size_t>(i - begin, longest - 1)];
        begin = i + 1;
      }
      CAPTURE(n, longest);
      CHECK(run_counts(bits, longest) == plain);
    }
    for (const unsigned times : {0U, 1U, 3U, 5U, 15U, 32U}) {
      std::vector<bool> now;
      for (std::size_t i = 0; i < n; ++i)
        now.push_back(bits[i]);
      for (unsigned k = 0; k < times && !now.empty(); ++k) {
        for (std::size_t i = 0; i + 1 < now.size(); ++i)
          now[i] = now[i] != now[i + 1];
        now.pop_back();
      }
      CAPTURE(n, times);
      CHECK(derived_ones(bits, times) == static_cast<std::uint64_t>(std::count(now.begin(), now.end(), true)));
    }
    for (const unsigned width : {1U, 3U, 8U, 9U}) {
      std::vector<std::uint32_t> plain(std::size_t{1} << width);
      for (std::size_t i = 0; i + width <= n; i += width)
        ++plain[bits.window(i) & (plain.size() - 1)];
      CHECK(count_pieces(bits, width) == plain);
    }
  }
}

TEST_CASE("the spectrum of any length is that of the definition") {
  // Both transforms, every radix, odd lengths and lengths with a large prime factor.
  for (const std::size_t n : {2U, 100U, 360U, 1000U, 96U, 97U, 202U, 1001U, 2000U, 2592U}) {
    const BitString bits = random_bits(n, 13);
    const Spectrum spectrum(n);
    for (const double share : {0.5, 1.0, 2.9957}) {
      const double threshold = share * static_cast<double>(n) + 1e-7;
      std::uint64_t below = 0;
      for (std::size_t j = 0; j < n / 2; ++j) {
        std::complex<double> sum = 0;
        for (std::size_t i = 0; i < n; ++i) {
          const double angle = -2 * M_PI * static_cast<double>(i * j % n) / static_cast<double>(n);
          sum += (bits[i] ? 1.0 : -1.0) * std::polar(1.0, angle);
        }
        below += std::norm(sum) < threshold ? 1 : 0;
      }
      CAPTURE(n, share);
      CHECK(spectrum.below(bits, threshold) == below);
    }
  }
}

TEST_CASE("the incomplete gamma function keeps twelve digits far into its tail") {
  // Computed with 40 digits by mpmath.
  struct Row {
    double a;
    double x;
    double q;
  };
  const std::vector<Row> rows{
#include "tests/data/special/upper-gamma.inc"
  };
  CHECK(rows.size() > 100);
  double smallest = 1;
  for (const Row& row : rows) {
    CAPTURE(row.a, row.x);
    CHECK(upper_gamma(row.a, row.x) == Approx(row.q).epsilon(1e-12));
    smallest = std::min(smallest, row.q);
  }
  CHECK(smallest < 1e-200);
  CHECK(upper_gamma(2.5, 0) == 1);
  CHECK(upper_gamma(2.5, 1e5) == 0);
}
