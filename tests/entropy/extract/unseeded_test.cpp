// SPDX-License-Identifier: Apache-2.0
#include <bit>
#include <catch2/catch.hpp>
#include <cmath>
#include <map>

#include "core/error.h"
#include "entropy/extract/elias/elias.h"
#include "entropy/extract/peres/peres.h"
#include "entropy/extract/von_neumann/compress.h"
#include "entropy/extract/von_neumann/von_neumann.h"
#include "tests/entropy/extract/run_extractor.h"

using namespace lightseed;
using naive::Bits;
using naive::Words;

namespace {

Bits von_neumann(const Bits& x) {
  Bits y;
  for (std::size_t i = 0; i + 1 < x.size(); i += 2)
    if (x[i] != x[i + 1]) y.push_back(x[i]);
  return y;
}

Bits peres(const Bits& x) {
  if (x.size() < 2) return {};
  Bits y = von_neumann(x);
  Bits xors;
  Bits equals;
  for (std::size_t i = 0; i + 1 < x.size(); i += 2) {
    xors.push_back(x[i] != x[i + 1]);
    if (x[i] == x[i + 1]) equals.push_back(x[i]);
  }
  for (const Bits& part : {peres(xors), peres(equals)})
    y.insert(y.end(), part.begin(), part.end());
  return y;
}

/// Output as bits; checks that what is behind them is zero.
Bits bits_of(const Extractor& extractor, const Words& input) {
  Words output(words_for(extractor.shape().output_bits) + 1, 0xdeadbeefdeadbeef);
  const std::size_t count = extractor.extract(input, std::span(output).first(output.size() - 1));
  REQUIRE(output.back() == 0xdeadbeefdeadbeef);
  output.pop_back();
  for (std::size_t i = count; i < output.size() * 64; ++i)
    if (get_bit(output, i)) FAIL("a bit behind the output is set");
  return naive::bits(output, count);
}

/// Words of bits that are one with probability `ones` / 16.
Words biased(std::mt19937_64& engine, std::size_t bits, unsigned ones) {
  Words words(words_for(bits), 0);
  for (std::size_t i = 0; i < bits; ++i)
    set_bit(words, i, engine() % 16 < ones);
  return words;
}

}  // namespace

TEST_CASE("compress_bits is PEXT") {
  std::mt19937_64 engine(61);
  for (int round = 0; round < 2000; ++round) {
    const std::uint64_t word = engine();
    const std::uint64_t mask = engine() & engine() & (round % 2 == 0 ? ~std::uint64_t{0} : engine());
    std::uint64_t expected = 0;
    unsigned place = 0;
    for (unsigned i = 0; i < 64; ++i)
      if ((mask >> i & 1) != 0) expected |= (word >> i & 1) << place++;
    if (compress_bits(word, mask) != expected) FAIL(word << " " << mask);
  }
  static_assert(compress_bits(0xffff, ~std::uint64_t{0}) == 0xffff);
  static_assert(compress_bits(~std::uint64_t{0}, 0) == 0);
}

TEST_CASE("von Neumann and Peres are their definitions at every length and bias") {
  std::mt19937_64 engine(67);
  for (std::size_t n = 2; n <= 700; n += n < 300 ? 1 : 37) {
    for (const unsigned ones : {0U, 1U, 8U, 13U, 16U}) {
      Words x = biased(engine, n, ones);
      const Bits bits = naive::bits(x, n);
      if (n % 64 != 0) x.back() |= ~std::uint64_t{0} << n % 64;  // must be ignored
      INFO("n " << n << " ones " << ones);
      for (const Target target : supported_targets())
        CHECK((bits_of(*make_von_neumann(n, target), x) == von_neumann(bits)));
      for (const Target target : {Target::portable, supported_targets().back()})
        CHECK((bits_of(*make_peres(n, target), x) == peres(bits)));
    }
  }
  // The densest output: every pair unequal.
  CHECK(bits_of(*make_von_neumann(640), Words(10, 0x5555555555555555)) == Bits(320, true));
  CHECK(bits_of(*make_von_neumann(640), Words(10, 0xaaaaaaaaaaaaaaaa)) == Bits(320, false));
}

TEST_CASE("von Neumann and Peres give each output string with the same probability, whatever the bias") {
  // Strings with the same number of ones are equally likely; within each such class all outputs of a length must be
  // equally frequent. Enumerated completely.
  const std::size_t n = 12;
  const auto peres_12 = make_peres(n);
  const auto von_neumann_12 = make_von_neumann(n);
  for (const Extractor* extractor : {peres_12.get(), von_neumann_12.get()}) {
    std::map<int, std::map<std::size_t, std::map<std::uint64_t, int>>> counts;  // ones, length, output
    for (std::uint64_t x = 0; x < std::uint64_t{1} << n; ++x) {
      std::uint64_t y = 0;
      const std::size_t length = extractor->extract(std::span(&x, 1), std::span(&y, 1));
      ++counts[std::popcount(x)][length][y];
    }
    for (const auto& [ones, lengths] : counts) {
      for (const auto& [length, outputs] : lengths) {
        CHECK(outputs.size() == std::size_t{1} << length);
        for (const auto& [output, count] : outputs)
          CHECK(count == outputs.begin()->second);
      }
    }
  }
}

TEST_CASE("Elias: words of one weight give every output of a length equally often") {
  const auto elias = make_elias(64);
  // Weight 2: C(64, 2) = 2016 = 1024 + 512 + 256 + 128 + 64 + 32.
  std::map<std::size_t, std::map<std::uint64_t, int>> outputs;
  for (unsigned i = 0; i < 64; ++i) {
    for (unsigned j = 0; j < i; ++j) {
      const std::uint64_t x = std::uint64_t{1} << i | std::uint64_t{1} << j;
      std::uint64_t y = 0;
      const std::size_t length = elias->extract(std::span(&x, 1), std::span(&y, 1));
      ++outputs[length][y];
    }
  }
  CHECK(outputs.size() == 6);
  for (const auto& [length, values] : outputs) {
    CHECK(values.size() == std::size_t{1} << length);
    for (const auto& [value, count] : values)
      CHECK(count == 1);
  }
  for (const std::uint64_t x : {std::uint64_t{0}, ~std::uint64_t{0}}) {
    std::uint64_t y = 1;
    CHECK(elias->extract(std::span(&x, 1), std::span(&y, 1)) == 0);
    CHECK(y == 0);
  }
}

TEST_CASE("Elias and Peres come near the Shannon entropy of biased bits, von Neumann to p (1 - p)") {
  std::mt19937_64 engine(71);
  const std::size_t n = 64000;
  const Words x = biased(engine, n, 4);  // p = 1/4: h = 0.8113
  const auto rate = [&](const Extractor& extractor) {
    return static_cast<double>(bits_of(extractor, x).size()) / static_cast<double>(n);
  };
  CHECK(rate(*make_von_neumann(n)) == Approx(0.1875).margin(0.006));
  CHECK(rate(*make_peres(n)) > 0.77);
  CHECK(rate(*make_peres(n)) < 0.8113);
  CHECK(rate(*make_elias(n)) > 0.72);
  CHECK(rate(*make_elias(n)) < 0.8113);
  CHECK(static_cast<double>(
            extractor_kind("elias").plan({.block_bits = n, .entropy_per_bit = -std::log2(0.75)}).most_bits) /
            64000 ==
        Approx(rate(*make_elias(n))).margin(0.01));
}

TEST_CASE("unseeded extractors refuse blocks without a pair or a word") {
  CHECK_THROWS_AS(make_von_neumann(1), Error);
  CHECK_THROWS_AS(make_peres(1), Error);
  CHECK_THROWS_AS(make_elias(63), Error);
}

TEST_CASE("Peres' planned yield is the mean of what comes out") {
  // Measured means of the extractor itself, on bits of the bias that the claim allows.
  std::mt19937_64 engine(97);
  for (const auto& [n, h] : {std::pair<std::size_t, double>{16384, 0.8},
                             {512, 0.8},
                             {511, 0.5},
                             {100, 0.95},
                             {64, 0.3},
                             {7, 0.8},
                             {2, 1.0},
                             {70'000, 0.05}}) {
    const double p = std::exp2(-h);
    const ExtractorKind& kind = extractor_kind("peres");
    const ExtractorPlan plan = kind.plan({.block_bits = n, .entropy_per_bit = h});
    const auto extractor = kind.make(plan.shape, {}, active_target());
    std::bernoulli_distribution one(p);
    const std::size_t blocks = std::max<std::size_t>(40, 1'500'000 / n);
    double sum = 0;
    for (std::size_t b = 0; b < blocks; ++b) {
      Words x(words_for(n), 0);
      for (std::size_t i = 0; i < n; ++i)
        set_bit(x, i, one(engine));
      Words y(words_for(plan.shape.output_bits));
      sum += static_cast<double>(extractor->extract(x, y));
    }
    const double mean = sum / static_cast<double>(blocks);
    INFO("n " << n << " h " << h << ": planned " << plan.most_bits << ", mean " << mean);
    CHECK(static_cast<double>(plan.most_bits) == Approx(mean).epsilon(0.008).margin(1));
  }
}
