// SPDX-License-Identifier: Apache-2.0
#include "entropy/extract/modified_toeplitz/modified_toeplitz.h"

#include <catch2/catch.hpp>
#include <cstdlib>

#include "core/bits.h"
#include "core/error.h"
#include "entropy/extract/toeplitz/toeplitz.h"
#include "tests/entropy/extract/run_extractor.h"

using namespace lightseed;
using naive::run;
using naive::Words;

TEST_CASE("modified Toeplitz is its definition for every input, seed and size up to 7 bits") {
  for (const Target target : supported_targets()) {
    for (std::size_t n = 2; n <= 7; ++n) {
      for (std::size_t m = 1; m < n; ++m) {
        for (std::uint64_t seed = 0; seed < std::uint64_t{1} << n; ++seed) {
          const auto extractor = make_modified_toeplitz(n, m, Words{seed}, target);
          for (std::uint64_t x = 0; x < std::uint64_t{1} << n; ++x) {
            const auto expected =
                naive::words(naive::modified_toeplitz(naive::bits({seed}, n), naive::bits({x}, n), m));
            std::uint64_t y = ~std::uint64_t{0};
            extractor->extract(std::span(&x, 1), std::span(&y, 1));
            if (y != expected[0]) FAIL(name_of(target) << ": n " << n << " m " << m << " seed " << seed << " x " << x);
          }
        }
      }
    }
  }
}

TEST_CASE("modified Toeplitz is its definition at random sizes, on every target") {
  std::mt19937_64 engine(20240601);
  std::vector<std::pair<std::size_t, std::size_t>> sizes{{64, 1},      {65, 64},     {128, 64},    {1024, 512},
                                                         {2048, 1024}, {4096, 3072}, {8192, 4096}, {4160, 64},
                                                         {4160, 4096}, {3000, 1500}};
  for (int i = 0; i < 25; ++i) {
    const std::size_t n = 2 + engine() % 6000;
    sizes.emplace_back(n, 1 + engine() % (n - 1));
  }
  for (const auto& [n, m] : sizes) {
    const Words seed = naive::random_words(engine, n);
    const Words x = naive::random_words(engine, n);
    const Words expected = naive::words(naive::modified_toeplitz(naive::bits(seed, n), naive::bits(x, n), m));
    for (const Target target : supported_targets()) {
      INFO(name_of(target) << ": n " << n << " m " << m);
      CHECK(run(*make_modified_toeplitz(n, m, seed, target), x) == expected);
    }
  }
}

TEST_CASE("modified Toeplitz of long blocks: all targets agree, and first, last and random bits are right") {
  std::mt19937_64 engine(7);
  for (const auto& [n, m] : {std::pair<std::size_t, std::size_t>{65536, 32768},
                             {16384, 12288},
                             {100003, 50021},
                             {98304, 49152},
                             {20480, 10240},  // five ways with 512-bit vectors
                             {11264, 5120},
                             {24576, 12288},  // three ways
                             {131072, 1000}}) {
    const Words seed = naive::random_words(engine, n);
    const Words x = naive::random_words(engine, n);
    const Words y = run(*make_modified_toeplitz(n, m, seed, supported_targets().back()), x);
    for (const Target target : supported_targets()) {
      INFO(name_of(target) << ": n " << n << " m " << m);
      CHECK((run(*make_modified_toeplitz(n, m, seed, target), x) == y));
    }
    for (std::size_t k = 0; k < 300; ++k) {
      const std::size_t i = k < 100 ? k : k < 200 ? m - 1 - (k - 100) : engine() % m;
      if (get_bit(y, i) != (naive::toeplitz_row(seed, x, n - m, i) != get_bit(x, n - m + i))) FAIL("bit " << i);
    }
  }
}

TEST_CASE("modified Toeplitz is linear") {
  std::mt19937_64 engine(11);
  for (const auto& [n, m] : {std::pair<std::size_t, std::size_t>{4096, 2048}, {777, 300}}) {
    const auto extractor = make_modified_toeplitz(n, m, naive::random_words(engine, n));
    const Words a = naive::random_words(engine, n);
    const Words b = naive::random_words(engine, n);
    Words sum = a;
    for (std::size_t i = 0; i < sum.size(); ++i)
      sum[i] ^= b[i];
    Words expected = run(*extractor, a);
    const Words of_b = run(*extractor, b);
    for (std::size_t i = 0; i < expected.size(); ++i)
      expected[i] ^= of_b[i];
    CHECK(run(*extractor, sum) == expected);
    CHECK(run(*extractor, Words(words_for(n), 0)) == Words(words_for(m), 0));
  }
}

TEST_CASE("a unit vector gives its column of the matrix") {
  const std::size_t n = 1100;
  const std::size_t m = 500;
  std::mt19937_64 engine(13);
  const Words seed = naive::random_words(engine, n);
  for (const Target target : supported_targets()) {
    const auto extractor = make_modified_toeplitz(n, m, seed, target);
    for (std::size_t j = 0; j < n; ++j) {
      Words x(words_for(n), 0);
      set_bit(x, j, true);
      Words column(words_for(m), 0);
      if (j < n - m) {
        copy_bits(seed, n - m - j, column, 0, m);
      } else {
        set_bit(column, j - (n - m), true);
      }
      if (run(*extractor, x) != column) FAIL(name_of(target) << ": column " << j);
    }
  }
}

TEST_CASE("the family is two-universal: no two inputs collide for more than 2^-m of the seeds") {
  for (std::size_t n = 2; n <= 7; ++n) {
    for (std::size_t m = 1; m < n; ++m) {
      std::vector<std::size_t> zeros(std::size_t{1} << n, 0);  // linear: x and x' collide when x ^ x' gives zero
      for (std::uint64_t seed = 0; seed < std::uint64_t{1} << n; seed += 2) {  // bit 0 is not part of the seed
        const auto extractor = make_modified_toeplitz(n, m, Words{seed});
        for (std::uint64_t x = 1; x < zeros.size(); ++x) {
          std::uint64_t y = 0;
          extractor->extract(std::span(&x, 1), std::span(&y, 1));
          zeros[x] += y == 0 ? 1 : 0;
        }
      }
      for (const std::size_t count : zeros)
        CHECK(count << m <= std::size_t{1} << (n - 1));
    }
  }
}

TEST_CASE("sizes and seeds that cannot be right are refused") {
  const Words seed(2, 1);
  CHECK_THROWS_AS(make_modified_toeplitz(128, 128, seed), Error);
  CHECK_THROWS_AS(make_modified_toeplitz(128, 0, seed), Error);
  CHECK_THROWS_AS(make_modified_toeplitz(129, 64, seed), Error);
  CHECK_THROWS_AS(make_modified_toeplitz(64, 32, seed), Error);
  try {
    make_modified_toeplitz(128, 64, Words(2, 0));
    FAIL("an all-zero seed was taken");
  } catch (const Error& e) {
    CHECK(e.category() == Category::refused);
  }
}

TEST_CASE("LIGHTSEED_TARGET forces a target, and refuses one that does not exist") {
  for (const Target target : supported_targets()) {
    setenv("LIGHTSEED_TARGET", std::string(name_of(target)).c_str(), 1);
    CHECK(active_target() == target);
  }
  setenv("LIGHTSEED_TARGET", "1024", 1);
  CHECK_THROWS_AS(active_target(), Error);
  unsetenv("LIGHTSEED_TARGET");
  CHECK(active_target() == supported_targets().back());
}

TEST_CASE("modified Toeplitz in its stream form: the last bits, masked by the first, are its output") {
  std::mt19937_64 engine(11);
  for (const auto& [n, m] :
       {std::pair<std::size_t, std::size_t>{2, 1}, {65, 64}, {128, 64}, {3000, 1500}, {16384, 12928}, {98304, 49152}}) {
    const Words seed = naive::random_words(engine, n);
    const Words x = naive::random_words(engine, n);
    for (const Target target : supported_targets()) {
      INFO(name_of(target) << ": n " << n << " m " << m);
      const auto extractor = make_modified_toeplitz(n, m, seed, target);
      REQUIRE(extractor->mask_input_bits() == n - m);
      // What follows the first bits in their last word does not count.
      Words head(x.begin(), x.begin() + static_cast<std::ptrdiff_t>(words_for(n - m)));
      Words y(words_for(m), ~std::uint64_t{0});
      extractor->mask(head, y);
      xor_bits(x, n - m, y, 0, m);
      CHECK(y == run(*extractor, x));
    }
  }
}

TEST_CASE("who has no stream form says so") {
  const Words seed{3, 5};
  const auto extractor = make_toeplitz(64, 32, seed);
  CHECK(extractor->mask_input_bits() == 0);
  Words y(1);
  CHECK_THROWS_AS(extractor->mask(Words{1}, y), Error);
}
