// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <catch2/catch.hpp>

#include "core/error.h"
#include "entropy/extract/circulant/circulant.h"
#include "entropy/extract/dodis/dodis.h"
#include "entropy/extract/modified_toeplitz/modified_toeplitz.h"
#include "entropy/extract/seed_order.h"
#include "entropy/extract/toeplitz/toeplitz.h"
#include "gf2/cyclic/primes.h"
#include "gf2/cyclic/reverse_bits.h"
#include "tests/entropy/extract/run_extractor.h"

using namespace lightseed;
using naive::Bits;
using naive::run;
using naive::Words;

namespace {

Bits cyclic(const Bits& s, const Bits& x, std::size_t rows) {
  Bits y(rows);
  for (std::size_t i = 0; i < rows; ++i) {
    bool sum = false;
    for (std::size_t j = 0; j < x.size(); ++j)
      sum = sum != (x[j] && s[(i + j) % s.size()]);
    y[i] = sum;
  }
  return y;
}

}  // namespace

TEST_CASE("Toeplitz, circulant and Dodis are their definitions for every input and seed at small sizes") {
  for (const Target target : supported_targets()) {
    const auto check = [&](std::size_t n, std::size_t m, std::size_t d, auto make, auto expected) {
      for (std::uint64_t seed = 0; seed < std::uint64_t{1} << d; ++seed) {
        const auto extractor = make(n, m, Words{seed});
        for (std::uint64_t x = 0; x < std::uint64_t{1} << n; ++x) {
          std::uint64_t y = ~std::uint64_t{0};
          extractor->extract(std::span(&x, 1), std::span(&y, 1));
          if (y != naive::words(expected(naive::bits({seed}, d), naive::bits({x}, n)))[0]) {
            FAIL(extractor->name() << " " << name_of(target) << ": n " << n << " m " << m << " seed " << seed);
          }
        }
      }
    };
    for (std::size_t n = 1; n <= 6; ++n) {
      for (std::size_t m = 1; m <= n; ++m) {
        const auto by_columns = [&](const Bits& t, const Bits& x) { return naive::toeplitz(t, x, m); };
        const auto round = [&](const Bits& s, const Bits& x) { return cyclic(s, x, m); };
        if (n <= 5) {
          check(
              n, m, n + m, [&](auto... a) { return make_toeplitz(a..., target); }, by_columns);
        }
        if (is_prime(n + 1))
          check(
              n, m, n + 1, [&](auto... a) { return make_circulant(a..., target); }, round);
        if (n == 3 || n == 5)
          check(
              n, m, n, [&](auto... a) { return make_dodis(a..., target); }, round);
      }
    }
  }
}

TEST_CASE("Toeplitz, circulant and Dodis are their definitions at random sizes, on every target") {
  std::mt19937_64 engine(31);
  for (int round = 0; round < 12; ++round) {
    const std::size_t n = 10 + engine() % 3000;
    const std::size_t m = 1 + engine() % n;
    std::size_t p = n + 1;
    while (!is_prime(p))
      ++p;
    std::size_t q = n;
    while (!is_prime(q) || !two_is_primitive_root(q))
      ++q;
    for (const Target target : supported_targets()) {
      INFO(name_of(target) << ": n " << n << " m " << m << " p " << p << " q " << q);
      Words seed = naive::random_words(engine, n + m);
      Words x = naive::random_words(engine, n);
      CHECK(run(*make_toeplitz(n, m, seed, target), x) ==
            naive::words(naive::toeplitz(naive::bits(seed, n + m), naive::bits(x, n), m)));
      seed = naive::random_words(engine, p);
      x = naive::random_words(engine, p - 1);
      CHECK(run(*make_circulant(p - 1, m, seed, target), x) ==
            naive::words(cyclic(naive::bits(seed, p), naive::bits(x, p - 1), m)));
      seed = naive::random_words(engine, q);
      x = naive::random_words(engine, q);
      CHECK(run(*make_dodis(q, m, seed, target), x) ==
            naive::words(cyclic(naive::bits(seed, q), naive::bits(x, q), m)));
    }
  }
}

TEST_CASE("long cyclic products: all targets agree, first and last bits are right") {
  std::mt19937_64 engine(37);
  const std::size_t n = 100002;  // 100003 is prime
  const std::size_t m = 50001;
  const Words seed = naive::random_words(engine, n + 1);
  const Words x = naive::random_words(engine, n);
  const Words y = run(*make_circulant(n, m, seed), x);
  for (const Target target : supported_targets())
    CHECK((run(*make_circulant(n, m, seed, target), x) == y));
  for (std::size_t k = 0; k < 40; ++k) {
    const std::size_t i = k < 20 ? k : m - 1 - (k - 20);
    bool sum = false;
    for (std::size_t j = 0; j < n; ++j)
      sum = sum != (get_bit(x, j) && get_bit(seed, (i + j) % (n + 1)));
    CHECK(get_bit(y, i) == sum);
  }
}

TEST_CASE("every seed order gives the matrix it describes") {
  std::mt19937_64 engine(41);
  for (const auto& [rows, columns] : {std::pair<std::size_t, std::size_t>{1, 1}, {3, 4}, {4, 3}, {65, 64}, {70, 130}}) {
    const std::size_t length = rows + columns - 1;
    for (const auto order : {SeedOrder::native, SeedOrder::wrapped, SeedOrder::column_first, SeedOrder::row_first}) {
      const Words s = naive::random_words(engine, seed_string_bits(order, rows, columns));
      const SecretBytes native = native_seed(order, rows, columns, s);
      for (std::size_t i = 0; i < rows; ++i) {
        for (std::size_t j = 0; j < columns; ++j) {
          const std::size_t place = order == SeedOrder::native         ? columns + i - j
                                    : order == SeedOrder::wrapped      ? (length + i - j) % length
                                    : order == SeedOrder::column_first ? rows - 1 - i + j
                                                                       : columns - 1 + i - j;
          CHECK(get_bit(native.words(), columns + i - j) == get_bit(s, place));
        }
      }
    }
    CHECK_THROWS_AS(native_seed(SeedOrder::wrapped, rows, columns, Words(9)), Error);
  }
  CHECK(seed_order_from("column-first") == SeedOrder::column_first);
  CHECK_THROWS_AS(seed_order_from("sideways"), Error);
}

TEST_CASE("turning bits round twice is nothing, on every target") {
  std::mt19937_64 engine(43);
  for (const Target target : supported_targets()) {
    for (std::size_t bits = 1; bits < 600; ++bits) {
      const Words before = naive::random_words(engine, bits);
      Words after = before;
      reverse_bits(after, bits, target);
      for (std::size_t i = 0; i < bits; ++i)
        if (get_bit(after, i) != get_bit(before, bits - 1 - i)) FAIL(name_of(target) << " " << bits << " " << i);
      if (bits % 64 != 0 && after.back() >> bits % 64 != 0) FAIL(name_of(target) << " " << bits << ": bits above");
      reverse_bits(after, bits, target);
      CHECK(after == before);
    }
  }
}

TEST_CASE("primes and primitive roots") {
  std::size_t primes = 0;
  for (std::uint64_t x = 0; x < 1000; ++x)
    primes += is_prime(x) ? 1 : 0;
  CHECK(primes == 168);
  CHECK(is_prime(1000003));
  CHECK(is_prime(4294967291));
  CHECK_FALSE(is_prime(4294967297));  // 641 * 6700417
  for (std::uint64_t p = 3; p < 600; ++p) {
    if (!is_prime(p)) continue;
    std::uint64_t order = 1;
    for (std::uint64_t power = 2; power != 1; power = power * 2 % p)
      ++order;
    CHECK(two_is_primitive_root(p) == (order == p - 1));
  }
}

TEST_CASE("sizes the theory does not cover are refused") {
  const Words seed(40, 3);
  CHECK_THROWS_AS(make_toeplitz(64, 65, Words(3, 1)), Error);
  CHECK_THROWS_AS(make_toeplitz(128, 64, Words(2, 1)), Error);
  CHECK_THROWS_AS(make_circulant(127, 64, Words(2, 1)), Error);  // 128 is not prime
  CHECK_THROWS_AS(make_circulant(126, 127, Words(2, 1)), Error);
  CHECK_THROWS_AS(make_dodis(127, 64, Words(2, 1)), Error);  // 2 has order 7 modulo 127
  CHECK_THROWS_AS(make_dodis(9, 1, Words(1, 1)), Error);
}

TEST_CASE("circulant is two-universal where 2 is a primitive root, and not where it is not") {
  const auto worst_excess = [](std::size_t n) {
    double worst = 0;
    for (std::size_t m = 1; m <= n; ++m) {
      std::vector<std::size_t> zeros(std::size_t{1} << n, 0);
      for (std::uint64_t seed = 0; seed < std::uint64_t{1} << (n + 1); ++seed) {
        const auto extractor = make_circulant(n, m, Words{seed}, Target::portable);
        for (std::uint64_t x = 1; x < zeros.size(); ++x) {
          std::uint64_t y = 0;
          extractor->extract(std::span(&x, 1), std::span(&y, 1));
          zeros[x] += y == 0 ? 1 : 0;
        }
      }
      for (const std::size_t count : zeros)
        worst = std::max(worst, static_cast<double>(count << m) / static_cast<double>(std::size_t{1} << (n + 1)));
    }
    return worst;
  };
  CHECK(worst_excess(2) <= 1);
  CHECK(worst_excess(4) <= 1);
  CHECK(worst_excess(6) > 1);  // 2 has order 3 modulo 7
  for (const std::size_t bits : {7UL, 1000UL, 16384UL}) {
    const std::size_t n = extractor_kind("circulant")
                              .plan({.block_bits = bits, .entropy_per_bit = 1, .log2_epsilon = -1})
                              .shape.input_bits;
    CHECK(is_prime(n + 1));
    CHECK(two_is_primitive_root(n + 1));
  }
}

TEST_CASE("circulant is never planned with a prime for which the order of 2 is small, as other programs do") {
  // Modulo 8191 = 2^13 - 1 the order of 2 is 13: (z^p + 1) / (z + 1) has factors of degree 13, and a multiple of all
  // the others, as the difference of two inputs, has only 2^13 images whatever the seed is: the outputs are equal with
  // a chance of 2^-13, not 2^-m. A primality test alone takes such lengths.
  for (const std::size_t p : {127UL, 8191UL, 65537UL, 131071UL, 524287UL}) {
    INFO("p = " << p);
    CHECK(is_prime(p));
    CHECK_FALSE(two_is_primitive_root(p));
    const auto plan = extractor_kind("circulant").plan({.block_bits = p - 1, .entropy_per_bit = 1, .log2_epsilon = -1});
    CHECK(plan.shape.input_bits < p - 1);
    CHECK(two_is_primitive_root(plan.shape.input_bits + 1));
  }
  // Seen at p = 127, where the order is 7: x = (z^127 + 1) / (z^7 + z + 1), 64 output bits.
  naive::Bits x(126, false);
  x[0] = true;
  for (std::size_t j = 1; j <= 120; ++j)
    x[j] = x[j - 1] != (j >= 7 && x[j - 7]);
  std::mt19937_64 engine(127);
  std::vector<std::uint64_t> images;
  for (int i = 0; i < 3000; ++i) {
    const Words seed = naive::random_words(engine, 127);
    images.push_back(naive::run(*make_circulant(126, 64, seed, Target::portable), naive::words(x)).front());
  }
  CHECK(std::ranges::count(images, std::uint64_t{0}) > 0);
  std::ranges::sort(images);
  const auto repeated = std::ranges::unique(images);
  CHECK(std::distance(images.begin(), repeated.begin()) <= 128);
}
