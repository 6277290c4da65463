// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <catch2/catch.hpp>

#include "entropy/extract/modified_toeplitz/modified_toeplitz.h"
#include "gf2/additive_fft/fft_product.h"
#include "gf2/additive_fft/field.h"
#include "gf2/additive_fft/tile_groups.h"
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
  // coefficient columns + i counts the pairs, of which there are as many as columns.
  for (const Target target : supported_targets()) {
    const additive_fft::FftEngine* const fft = additive_fft::fft_engine(target);
    if (fft == nullptr) continue;
    const std::size_t side = fft->tile_words * 64;
    for (const std::size_t columns : {side, side - 1}) {
      const Words seed(2 * side / 64, ~std::uint64_t{0});
      Words x(side / 64, ~std::uint64_t{0}), y(side / 64);
      FftProduct(side, columns, seed, *fft).multiply(x, {}, y);
      INFO(name_of(target) << ", " << columns << " columns");
      CHECK((y == Words(side / 64, columns % 2 == 0 ? 0 : ~std::uint64_t{0})));
    }
  }
}

namespace {

/// The product with tiles in groups is the product tile by tile, and some rows are what the definition says.
void check_grouping(std::mt19937_64& engine, std::size_t rows, std::size_t columns, unsigned levels,
                    const additive_fft::FftEngine& fft, bool ones) {
  const std::size_t side = fft.tile_words * 64;
  const std::size_t tile_rows = (rows + side - 1) / side, tile_columns = (columns + side - 1) / side;
  const auto grouping = additive_fft::grouping_of(tile_rows, tile_columns, levels, fft);
  INFO(tile_rows << " x " << tile_columns << " tiles, " << levels << " levels, groups of " << grouping.side);
  REQUIRE(grouping.rows * grouping.side >= tile_rows);
  REQUIRE(grouping.columns * grouping.side >= tile_columns);
  REQUIRE(grouping.side <= additive_fft::largest_side(levels));
  const Words seed =
      ones ? Words(words_for(rows + columns), ~std::uint64_t{0}) : naive::random_words(engine, rows + columns);
  const Words x = ones ? Words(words_for(columns), ~std::uint64_t{0}) : naive::random_words(engine, columns);
  const Words init = naive::random_words(engine, rows);
  const additive_fft::TileGrouping one_by_one{.rows = tile_rows, .columns = tile_columns};
  Words slow(words_for(rows), 0xdeadbeef), fast(words_for(rows) + 1, 0xdeadbeef);
  FftProduct(rows, columns, seed, fft, one_by_one).multiply(x, init, slow);
  for (const std::size_t i : {std::size_t{0}, rows / 2, rows - 1})
    CHECK((get_bit(slow, i) != get_bit(init, i)) == naive::toeplitz_row(seed, x, columns, i));
  const FftProduct grouped(rows, columns, seed, fft, grouping);
  const std::span<std::uint64_t> out = std::span(fast).first(words_for(rows));
  grouped.multiply(x, init, out);
  CHECK(std::ranges::equal(out, slow));
  std::ranges::copy(init, out.begin());
  grouped.multiply(x, out, out);  // in place
  CHECK(std::ranges::equal(out, slow));
  CHECK(fast.back() == 0xdeadbeef);
}

}  // namespace

TEST_CASE("groups of tiles are as large as what wraps round allows") {
  struct Largest {
    unsigned levels;
    std::size_t side;
  };
  for (const Largest& most : {Largest{4, 8}, {6, 24}, {8, 128}}) {
    CHECK(additive_fft::largest_side(most.levels) == most.side);
    // The highest coefficient is 2 side - 1 + points / 2 - 1; what comes back must stay below the rows.
    const std::size_t points = std::size_t{1} << most.levels;
    const auto comes_back = [&](std::size_t side) {
      return 2 * side + points / 2 - 2 - points + additive_fft::wrap(most.levels);
    };
    CHECK(comes_back(most.side) < points / 2);
    CHECK(comes_back(most.side + 1) >= points / 2);
  }
}

TEST_CASE("tiles in groups give the bits that they give one by one, up to the largest groups") {
  std::mt19937_64 engine(119);
  for (const Target target : supported_targets()) {
    const additive_fft::FftEngine* const fft = additive_fft::fft_engine(target);
    if (fft == nullptr) continue;
    INFO(name_of(target));
    const std::size_t side = fft->tile_words * 64;
    check_grouping(engine, 1, 1, 4, *fft, false);
    check_grouping(engine, side, 3 * side, 8, *fft, false);
    check_grouping(engine, 10 * side - 63, 18 * side + 1, 4, *fft, false);  // several groups, padded
    check_grouping(engine, 17 * side + 64, 2 * side - 64, 4, *fft, false);
    check_grouping(engine, 25 * side, 49 * side - 1, 6, *fft, false);
    for (const unsigned levels : {4U, 6U}) {
      const std::size_t most = additive_fft::largest_side(levels);
      check_grouping(engine, most * side, most * side, levels, *fft, false);
      check_grouping(engine, most * side, most * side, levels, *fft, true);
    }
  }
}

TEST_CASE("the longest groups: 128 x 128 tiles at 256 points") {
  std::mt19937_64 engine(123);
  for (const Target target : supported_targets()) {
    const additive_fft::FftEngine* const fft = additive_fft::fft_engine(target);
    if (fft == nullptr) continue;
    INFO(name_of(target));
    const std::size_t side = fft->tile_words * 64;
    check_grouping(engine, 43 * side, 129 * side, 8, *fft, false);  // two groups beside each other
    check_grouping(engine, 128 * side, 128 * side, 8, *fft, false);
  }
}

TEST_CASE("few tiles are multiplied one by one, many in groups") {
  const auto levels = [](std::size_t rows, std::size_t columns, const additive_fft::FftEngine& engine) {
    return additive_fft::choose_grouping(rows, columns, engine).levels;
  };
  for (const Target target : supported_targets()) {
    const additive_fft::FftEngine* const fft = additive_fft::fft_engine(target);
    if (fft == nullptr) continue;
    INFO(name_of(target));
    CHECK(levels(1, 1, *fft) == 0);
    CHECK(levels(2, 2, *fft) == 0);
    CHECK(levels(1, 400, *fft) == 0);
    CHECK(levels(30, 30, *fft) != 0);
    CHECK(levels(100, 100, *fft) == 8);
    CHECK(levels(191, 191, *fft) == 8);
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
