// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <catch2/catch.hpp>

#include "entropy/extract/modified_toeplitz/modified_toeplitz.h"
#include "gf2/additive_fft/fft_product.h"
#include "gf2/additive_fft/field.h"
#include "gf2/additive_fft/word_tables.h"
#include "gf2/gf128.h"
#include "gf2/toeplitz_product/toeplitz_product.h"
#include "tests/entropy/extract/run_extractor.h"

using namespace lightseed;
using naive::Words;

TEST_CASE("the field of the additive FFT is a field, its basis is Cantor's") {
  using namespace additive_fft;
  CHECK(extension_constant() == 0x20);
  std::mt19937_64 engine(111);
  for (int i = 0; i < 300; ++i) {
    const auto a = static_cast<Element>(engine()), b = static_cast<Element>(engine()),
               c = static_cast<Element>(engine());
    CHECK(multiply(a, b) == multiply(b, a));
    CHECK(multiply(a, multiply(b, c)) == multiply(multiply(a, b), c));
    CHECK(multiply(a, static_cast<Element>(b ^ c)) == (multiply(a, b) ^ multiply(a, c)));
    CHECK(multiply(a, 1) == a);
    Element power = a;  // a^(2^16) = a
    for (int k = 0; k < 16; ++k)
      power = multiply(power, power);
    CHECK(power == a);
  }
  CHECK(cantor_basis()[0] == 1);
  for (std::size_t i = 1; i < 16; ++i) {
    const Element b = cantor_basis()[i];
    CHECK((multiply(b, b) ^ b) == cantor_basis()[i - 1]);
  }
}

TEST_CASE("long blocks: every additive FFT and Karatsuba give the same bits, every one of them") {
  std::mt19937_64 engine(113);
  for (const auto& [rows, columns] : {std::pair<std::size_t, std::size_t>{262144, 262144},
                                      {122880, 122880},
                                      {1, 262144},
                                      {262144, 1},
                                      {262145, 300001},
                                      {100003, 524289},
                                      {540000, 65}}) {
    const Words seed = naive::random_words(engine, rows + columns);
    Words x = naive::random_words(engine, columns);
    if (columns % 64 != 0) x.back() |= ~std::uint64_t{0} << columns % 64;
    const Words init = naive::random_words(engine, rows);
    Words slow(words_for(rows), 0xdeadbeef), slow_with(words_for(rows), 0xdeadbeef);
    const ToeplitzProduct karatsuba(rows, columns, seed, Target::portable);  // has no FFT
    karatsuba.multiply(x, {}, slow);
    karatsuba.multiply(x, init, slow_with);
    for (const Target target : supported_targets()) {
      const additive_fft::FftEngine* const fft = additive_fft::fft_engine(target);
      REQUIRE((fft == nullptr) == (target == Target::portable));
      if (fft == nullptr) continue;
      INFO(rows << " x " << columns << " " << name_of(target));
      Words fast(words_for(rows) + 1, 0xdeadbeef);
      const std::span<std::uint64_t> out = std::span(fast).first(words_for(rows));
      const FftProduct product(rows, columns, seed, *fft);
      product.multiply(x, {}, out);
      CHECK(std::ranges::equal(out, slow));
      product.multiply(x, init, out);
      CHECK(std::ranges::equal(out, slow_with));
      CHECK(fast.back() == 0xdeadbeef);
    }
  }
}

TEST_CASE("full tiles of ones: what wraps round does not reach the output, at any engine") {
  // All ones make every product of words or bytes the largest there is. The middle of (1 + z + …)(1 + z + …) is known:
  // coefficient columns + i counts the pairs, 1 … columns, of which t has all but t[0].
  for (const Target target : supported_targets()) {
    const additive_fft::FftEngine* const fft = additive_fft::fft_engine(target);
    if (fft == nullptr) continue;
    const std::size_t side = fft->tile_words * 64;
    const Words seed(2 * side / 64, ~std::uint64_t{0}), x(side / 64, ~std::uint64_t{0});
    Words y(side / 64);
    FftProduct(side, side, seed, *fft).multiply(x, {}, y);
    INFO(name_of(target));
    CHECK((y == Words(side / 64, side % 2 == 0 ? 0 : ~std::uint64_t{0})));
  }
}

TEST_CASE("the basis of the word FFT is Cantor's, its twiddles are sums of it") {
  const additive_fft::WordTables& tables = additive_fft::word_tables();
  const auto at = [&](std::size_t block) { return Gf128{tables.c[2 * block], tables.c[2 * block + 1]}; };
  Gf128 before{1, 0};  // beta_0
  for (std::size_t t = 0; t < 11; ++t) {
    const Gf128 beta = at(std::size_t{1} << t);
    CHECK((beta * beta ^ beta) == before);
    before = beta;
  }
  for (std::size_t block = 0; block < additive_fft::WordTables::points / 2; ++block) {
    Gf128 sum{0, 0};
    for (std::size_t t = 0; t < 11; ++t)
      if ((block >> t & 1) != 0) sum = sum ^ at(std::size_t{1} << t);
    if (at(block) != sum || (Gf128{tables.c_up[2 * block], tables.c_up[2 * block + 1]} != sum * Gf128{0, 1}))
      FAIL("block " << block);
  }
}

TEST_CASE("n = 2^20, m = n/2: first, last and random bits are those of the definition") {
  std::mt19937_64 engine(117);
  const std::size_t n = std::size_t{1} << 20;
  const std::size_t m = n / 2;
  const Words seed = naive::random_words(engine, n);
  const Words x = naive::random_words(engine, n);
  const Words y = naive::run(*make_modified_toeplitz(n, m, seed), x);
  for (const Target target : supported_targets())
    CHECK((naive::run(*make_modified_toeplitz(n, m, seed, target), x) == y));
  for (std::size_t k = 0; k < 60; ++k) {
    const std::size_t i = k < 20 ? k : k < 40 ? m - 1 - (k - 20) : engine() % m;
    CHECK(get_bit(y, i) == (naive::toeplitz_row(seed, x, n - m, i) != get_bit(x, n - m + i)));
  }
}
