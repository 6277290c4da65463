#include <catch2/catch.hpp>

#include "entropy/extract/additive_fft/fft_product.h"
#include "entropy/extract/additive_fft/field.h"
#include "entropy/extract/modified_toeplitz/modified_toeplitz.h"
#include "entropy/extract/toeplitz_product/toeplitz_product.h"
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

TEST_CASE("long blocks: the additive FFT and Karatsuba give the same bits, every one of them") {
  if (supported_targets().back() != Target::vector512) return;  // the only target with an FFT
  std::mt19937_64 engine(113);
  for (const auto& [rows, columns] : {std::pair<std::size_t, std::size_t>{262144, 262144},
                                      {1, 262144},
                                      {262144, 1},
                                      {262145, 300001},
                                      {100003, 524289},
                                      {540000, 65}}) {
    INFO(rows << " x " << columns);
    const Words seed = naive::random_words(engine, rows + columns);
    Words x = naive::random_words(engine, columns);
    if (columns % 64 != 0) x.back() |= ~std::uint64_t{0} << columns % 64;
    const Words init = naive::random_words(engine, rows);
    Words fast(words_for(rows), 0xdeadbeef);
    Words slow(words_for(rows), 0xdeadbeef);
    FftProduct(rows, columns, seed).multiply(x, init, fast);
    ToeplitzProduct(rows, columns, seed, Target::vector256).multiply(x, init, slow);
    CHECK((fast == slow));
    FftProduct(rows, columns, seed).multiply(x, {}, fast);
    ToeplitzProduct(rows, columns, seed, Target::vector256).multiply(x, {}, slow);
    CHECK((fast == slow));
  }
}

TEST_CASE("n = 2^20, m = n/2: first, last and random bits are those of the definition") {
  std::mt19937_64 engine(117);
  const std::size_t n = std::size_t{1} << 20;
  const std::size_t m = n / 2;
  const Words seed = naive::random_words(engine, n);
  const Words x = naive::random_words(engine, n);
  const Words y = naive::run(*make_modified_toeplitz(n, m, seed), x);
  for (std::size_t k = 0; k < 60; ++k) {
    const std::size_t i = k < 20 ? k : k < 40 ? m - 1 - (k - 20) : engine() % m;
    CHECK(get_bit(y, i) == (naive::toeplitz_row(seed, x, n - m, i) != get_bit(x, n - m + i)));
  }
}
