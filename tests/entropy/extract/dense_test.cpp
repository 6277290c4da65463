// SPDX-License-Identifier: Apache-2.0
#include "entropy/extract/dense/dense.h"

#include <catch2/catch.hpp>

#include "core/error.h"
#include "tests/entropy/extract/run_extractor.h"

using namespace lightseed;
using naive::run;
using naive::Words;

TEST_CASE("dense is its definition, block by block and 64 at once, on every target") {
  std::mt19937_64 engine(51);
  for (const auto& [n, m] :
       {std::pair<std::size_t, std::size_t>{64, 1}, {64, 64}, {128, 65}, {192, 130}, {576, 70}, {1024, 768}}) {
    const Words seed = naive::random_words(engine, n * m);
    const Words x = naive::random_words(engine, n);
    naive::Bits expected(m);
    for (std::size_t i = 0; i < m; ++i) {
      bool parity = false;
      for (std::size_t j = 0; j < n; ++j)
        parity = parity != (get_bit(seed, i * n + j) && get_bit(x, j));
      expected[i] = parity;
    }
    for (const Target target : supported_targets()) {
      INFO(name_of(target) << ": n " << n << " m " << m);
      const auto extractor = make_dense(n, m, seed, target);
      CHECK(run(*extractor, x) == naive::words(expected));
      naive::check_blocks(*extractor, engine, 1);
      naive::check_blocks(*extractor, engine, 130);
    }
  }
}

TEST_CASE("dense refuses sizes and seeds that do not fit") {
  CHECK_THROWS_AS(make_dense(100, 10, Words(16, 1)), Error);
  CHECK_THROWS_AS(make_dense(64, 65, Words(65, 1)), Error);
  CHECK_THROWS_AS(make_dense(64, 10, Words(11, 1)), Error);
  CHECK_THROWS_AS(make_dense(64, 10, Words(10, 0)), Error);
}
