// SPDX-License-Identifier: Apache-2.0
#include "entropy/extract/raz/raz.h"

#include <algorithm>
#include <bit>
#include <catch2/catch.hpp>
#include <cmath>
#include <numeric>
#include <stdexcept>
#include <tuple>

#include "core/error.h"
#include "gf2/binary_field/binary_field.h"
#include "gf2/cyclic/primes.h"
#include "tests/category_of.h"
#include "tests/entropy/extract/run_extractor.h"

using namespace lightseed;
using naive::Bits;
using naive::Words;
using test::category_of;

namespace {

Trinomial field_of(std::size_t degree) {
  for (const Trinomial& field : trinomials())
    if (field.degree == degree) return field;
  throw std::logic_error("no such field");
}

/// Bit by bit, by the definition of a remainder.
Bits multiply(const Trinomial& field, const Bits& a, const Bits& b) {
  const std::size_t n = field.degree;
  Bits product(2 * n, false);
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t j = 0; a[i] && j < n; ++j)
      product[i + j] = product[i + j] != b[j];
  for (std::size_t i = 2 * n - 1; i >= n; --i) {
    if (!product[i]) continue;
    product[i] = false;
    product[i - n] = !product[i - n];
    product[i - n + field.middle] = !product[i - n + field.middle];
  }
  product.resize(n);
  return product;
}

/// Low m bits of x2 * sum over j < 2^v of (x1 y)^j, term after term.
Bits raz(std::size_t degree, const Bits& seed, Bits y, std::size_t m) {
  const Trinomial field = field_of(degree);
  const auto half = static_cast<std::ptrdiff_t>(degree);
  y.resize(degree, false);
  const Bits u = multiply(field, Bits(seed.begin(), seed.begin() + half), y);
  Bits power(degree, false), sum(degree, false);
  power[0] = true;
  for (std::size_t j = 0; j < std::size_t{2} << std::bit_width(degree); ++j) {
    for (std::size_t i = 0; i < degree; ++i)
      sum[i] = sum[i] != power[i];
    power = multiply(field, power, u);
  }
  Bits out = multiply(field, Bits(seed.begin() + half, seed.end()), sum);
  out.resize(m);
  return out;
}

std::uint64_t one_word(const Extractor& extractor, std::uint64_t y) {
  std::uint64_t out = ~std::uint64_t{0};
  extractor.extract(std::span(&y, 1), std::span(&out, 1));
  return out;
}

/// e^(2^count - 1), count >= 1.
Words all_ones_power(const BinaryField& field, const Words& e, std::size_t count, Words& scratch) {
  Words result = e;
  std::size_t done = 1;
  for (auto digit = static_cast<unsigned>(std::bit_width(count)) - 1; digit-- > 0;) {
    Words power = result;
    field.square(power, done, scratch);
    field.multiply(power, result, result, scratch);
    done *= 2;
    if ((count >> digit & 1) == 0) continue;
    field.square(result, 1, scratch);
    field.multiply(result, e, result, scratch);
    ++done;
  }
  return result;
}

}  // namespace

TEST_CASE("every field is one: Rabin's test of its trinomial") {
  // z^(2^N) = z says that the degrees of all factors divide N. For a prime q that divides N, z^(2^(N/q)) - z is zero
  // modulo the factors whose degree divides N/q. There are none if the product of these over all q has an inverse, that
  // is, if its power 2^N - 1 is one.
  std::size_t before = 2;
  for (const Trinomial& modulus : trinomials()) {
    const std::size_t degree = modulus.degree;
    INFO("z^" << degree << " + z^" << modulus.middle << " + 1");
    CHECK(degree > before);
    CHECK(2 * modulus.middle <= degree);
    before = degree;
    const BinaryField field(modulus, active_target());
    Words scratch(field.scratch_words()), z(field.words(), 0), one(field.words(), 0);
    z[0] = 2;
    one[0] = 1;
    Words power = z, product = one;
    std::size_t squared = 0;
    const auto go_to = [&](std::size_t count) {
      field.square(power, count - squared, scratch);
      squared = count;
    };
    for (std::size_t q = degree; q >= 2; --q) {
      if (degree % q != 0 || !is_prime(q)) continue;
      go_to(degree / q);
      Words difference = power;
      difference[0] ^= 2;
      field.multiply(product, difference, product, scratch);
    }
    go_to(degree);
    CHECK((power == z));
    CHECK((all_ones_power(field, product, degree, scratch) == one));
  }
}

TEST_CASE("products and squares of a field are those of the definition, on every target") {
  std::mt19937_64 engine(131);
  for (const Trinomial& modulus : trinomials()) {
    if (modulus.degree > 3300) continue;
    const std::size_t n = modulus.degree;
    const Words a = naive::random_words(engine, n), b = naive::random_words(engine, n);
    const Words product = naive::words(multiply(modulus, naive::bits(a, n), naive::bits(b, n)));
    const Words square = naive::words(multiply(modulus, naive::bits(a, n), naive::bits(a, n)));
    for (const Target target : supported_targets()) {
      INFO("N " << n << " " << name_of(target));
      const BinaryField field(modulus, target);
      Words scratch(field.scratch_words()), x = a, y = b;
      x.resize(field.words());
      y.resize(field.words());
      field.multiply(x, y, y, scratch);
      field.square(x, 1, scratch);
      y.resize(words_for(n));
      x.resize(words_for(n));
      CHECK((y == product));
      CHECK((x == square));
    }
  }
}

TEST_CASE("Raz is its definition for every input and seed at the smallest size, on every target") {
  for (const Target target : supported_targets()) {
    for (std::size_t n = 1; n <= 3; ++n) {
      for (std::size_t m = 1; m <= 3; ++m) {
        for (std::uint64_t seed = 0; seed < 64; ++seed) {
          const auto extractor = make_raz({n, m, 6}, Words{seed}, target);
          for (std::uint64_t y = 0; y < std::uint64_t{1} << n; ++y) {
            const Bits expected = raz(3, naive::bits({seed}, 6), naive::bits({y}, n), m);
            if (one_word(*extractor, y) != naive::words(expected)[0])
              FAIL(name_of(target) << ": n " << n << " m " << m << " seed " << seed << " y " << y);
          }
        }
      }
    }
  }
}

TEST_CASE("Raz is its definition at random sizes, on every target") {
  std::mt19937_64 engine(137);
  for (const std::size_t degree : {7UL, 15UL, 31UL, 63UL, 65UL, 127UL, 129UL}) {
    for (const std::size_t n : {degree, 1 + engine() % degree}) {
      const std::size_t m = 1 + engine() % degree;
      const Words seed = naive::random_words(engine, 2 * degree);
      const Words y = naive::random_words(engine, n);
      const Words expected = naive::words(raz(degree, naive::bits(seed, 2 * degree), naive::bits(y, n), m));
      for (const Target target : supported_targets()) {
        INFO(name_of(target) << ": N " << degree << " n " << n << " m " << m);
        const auto extractor = make_raz({n, m, 2 * degree}, seed, target);
        CHECK((naive::run(*extractor, y) == expected));
        naive::check_blocks(*extractor, engine, 3);
      }
    }
  }
}

TEST_CASE("Raz of long blocks: all targets agree; with x1 = 0 the output is x2, with x1 y = 1 it is 0") {
  std::mt19937_64 engine(139);
  for (const Trinomial& modulus : trinomials()) {
    if (modulus.degree < 2000 || modulus.degree > 17000) continue;
    const std::size_t degree = modulus.degree;
    const std::size_t n = degree - 37;
    const std::size_t m = degree / 2;
    Words seed = naive::random_words(engine, 2 * degree);
    const Words y = naive::random_words(engine, n);
    const Words out = naive::run(*make_raz({n, m, 2 * degree}, seed), y);
    for (const Target target : supported_targets()) {
      INFO("N " << degree << " " << name_of(target));
      CHECK((naive::run(*make_raz({n, m, 2 * degree}, seed, target), y) == out));
    }
    for (std::size_t i = 0; i < degree; ++i)
      set_bit(seed, i, false);
    Words x2(words_for(m), 0);
    copy_bits(seed, degree, x2, 0, m);
    CHECK((naive::run(*make_raz({n, m, 2 * degree}, seed), y) == x2));
    set_bit(seed, 0, true);  // x1 = 1
    Words one(words_for(n), 0);
    one[0] = 1;
    CHECK((naive::run(*make_raz({n, m, 2 * degree}, seed), one) == Words(words_for(m), 0)));
  }
}

TEST_CASE("the lemma behind Raz's bound: moments of the bias, exactly, over all seeds of 14 bits") {
  // For Y uniform on K inputs and any parity of the output,
  //   average over seeds of |bias|^p <= 2^(v-N) + (p-1)!! K^(-p/2), p even, at most 2^v.
  std::mt19937_64 engine(149);
  constexpr std::size_t degree = 7;
  std::vector<std::vector<std::uint64_t>> table;  // output for each seed and input
  for (std::uint64_t seed = 0; seed < 1U << 14; ++seed) {
    const auto extractor = make_raz({degree, degree, 2 * degree}, Words{seed}, Target::portable);
    std::vector<std::uint64_t> row(std::size_t{1} << degree);
    for (std::uint64_t y = 0; y < row.size(); ++y)
      row[y] = one_word(*extractor, y);
    table.push_back(std::move(row));
  }
  for (const std::size_t inputs : {2UL, 5UL, 16UL, 128UL}) {
    for (const std::uint64_t parity : {1U, 64U, 127U, 37U}) {
      std::vector<std::uint64_t> support(128);
      std::iota(support.begin(), support.end(), 0);
      std::shuffle(support.begin(), support.end(), engine);
      support.resize(inputs);
      std::vector<double> moments(4, 0);  // of order 2, 4, 6, 8
      for (const auto& row : table) {
        double bias = 0;
        for (const std::uint64_t y : support)
          bias += (std::popcount(row[y] & parity) % 2 == 0 ? 1.0 : -1.0) / static_cast<double>(inputs);
        for (std::size_t i = 0; i < moments.size(); ++i)
          moments[i] += std::pow(bias * bias, static_cast<double>(i + 1)) / static_cast<double>(table.size());
      }
      double pairings = 1;
      for (std::size_t i = 0; i < moments.size(); ++i) {
        INFO(inputs << " inputs, parity " << parity << ", p = " << 2 * (i + 1));
        CHECK(moments[i] <= 16.0 / 128 + pairings * std::pow(inputs, -static_cast<double>(i + 1)));
        pairings *= static_cast<double>(2 * i + 3);
      }
    }
  }
  // And the distance itself, averaged over a weak seed: half of what raz_log2_distance says at the most.
  for (const auto& [seed_bits, inputs, m] :
       {std::tuple<std::size_t, std::size_t, std::size_t>{14, 128, 1}, {14, 64, 2}, {13, 128, 1}, {12, 64, 1}}) {
    std::vector<std::size_t> seeds(std::size_t{1} << 14);
    std::iota(seeds.begin(), seeds.end(), 0);
    std::shuffle(seeds.begin(), seeds.end(), engine);
    seeds.resize(std::size_t{1} << seed_bits);
    double distance = 0;
    for (const std::size_t seed : seeds) {
      std::vector<double> counts(std::size_t{1} << m, 0);
      for (std::size_t y = 0; y < inputs; ++y)
        ++counts[table[seed][y] & (counts.size() - 1)];
      for (const double count : counts)
        distance += std::abs(count / static_cast<double>(inputs) - 1 / static_cast<double>(counts.size())) / 2;
    }
    distance /= static_cast<double>(seeds.size());
    const double bound =
        0.5 * std::exp2(raz_log2_distance(degree, static_cast<double>(seed_bits),
                                          std::log2(static_cast<double>(inputs)), static_cast<double>(m), 16));
    INFO("seed " << seed_bits << ", " << inputs << " inputs, m " << m << ": " << distance << " <= " << bound);
    CHECK(distance > 0);
    CHECK(distance <= bound);
  }
}

TEST_CASE("Raz's plan: uniform and weak seeds, little entropy, what cannot be") {
  ExtractionRequest request{.block_bits = 16384, .entropy_per_bit = 0.5, .log2_epsilon = -100};
  const ExtractorKind& kind = extractor_kind("raz");
  const ExtractorPlan uniform = kind.plan(request);
  CHECK(uniform.shape.input_bits == 16384);
  CHECK(uniform.shape.seed_bits == 2 * 16385);
  CHECK(uniform.most_bits == 8192 - 200);  // as by the leftover hash lemma: 2^(v-N) is far below 2^-k

  // A seed with 0.6 of its entropy lacks 13108 bits, more than the block has: nothing at p = 2, much at a larger p.
  request.seed_entropy_per_bit = 0.6;
  CHECK(category_of([&] { kind.plan(request); }) == Category::refused);
  request.side = SideInformation::classical;
  const ExtractorPlan weak = kind.plan(request);
  CHECK(weak.most_bits > 100);
  const double at_most = raz_log2_distance(16385, 0.6 * 32770, 8192, static_cast<double>(weak.most_bits), 1 << 16);
  CHECK(at_most <= -100);
  CHECK(raz_log2_distance(16385, 0.6 * 32770, 8192, static_cast<double>(weak.most_bits + 1), 1 << 16) > -100);
  request.seed_entropy_per_bit = 0.5;  // half is not enough, whatever the input
  CHECK(category_of([&] { kind.plan(request); }) == Category::refused);

  // Longer than the largest field: cut down to it.
  CHECK(kind.plan({.block_bits = 1 << 20, .entropy_per_bit = 0.5}).shape.input_bits == trinomials().back().degree);

  CHECK(category_of([] { make_raz({8, 4, 16}, Words(1, 1)); }) == Category::usage);  // no field of 2^8
  CHECK(category_of([] { make_raz({8, 4, 14}, Words(1, 1)); }) == Category::usage);  // n > N
  CHECK(category_of([] { make_raz({7, 8, 14}, Words(1, 1)); }) == Category::usage);  // m > N
  CHECK(category_of([] { make_raz({7, 4, 15}, Words(1, 1)); }) == Category::usage);
  CHECK(category_of([] { make_raz({60, 4, 126}, Words(1, 1)); }) == Category::usage);  // two words of seed
  CHECK(category_of([] { make_raz({60, 4, 126}, Words(2, 0)); }) == Category::refused);
}
