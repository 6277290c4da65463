// SPDX-License-Identifier: Apache-2.0
#include "entropy/extract/trevisan/trevisan.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>

#include "core/error.h"
#include "entropy/extract/trevisan/weak_design.h"
#include "tests/entropy/extract/run_extractor.h"

using namespace lightseed;
using naive::Bits;
using naive::Words;

namespace {

/// GF(2^128) or GF(2^256) one bit at a time.
Bits multiply(const Bits& a, const Bits& b) {
  const std::size_t field = a.size();
  const std::vector<std::size_t> tail =
      field == 128 ? std::vector<std::size_t>{0, 1, 2, 7} : std::vector<std::size_t>{0, 2, 5, 10};
  Bits product(2 * field - 1, false);
  for (std::size_t i = 0; i < field; ++i)
    for (std::size_t j = 0; j < field; ++j)
      product[i + j] = product[i + j] != (a[i] && b[j]);
  for (std::size_t i = 2 * field - 2; i >= field; --i) {
    if (!product[i]) continue;
    for (const std::size_t place : tail)
      product[i - field + place] = !product[i - field + place];
  }
  product.resize(field);
  return product;
}

bool output_bit(const WeakDesign& design, std::size_t field, std::size_t set, const Words& seed, Bits x) {
  const auto positions = design.positions(set);
  Bits alpha(field), beta(field), power(field, false), sum(field, false);
  for (std::size_t k = 0; k < field; ++k) {
    alpha[k] = get_bit(seed, positions[k]);
    beta[k] = get_bit(seed, positions[field + k]);
  }
  power[0] = true;
  x.resize((x.size() + field - 1) / field * field, false);
  for (std::size_t j = 0; j < x.size() / field; ++j) {
    const Bits chunk(x.begin() + static_cast<std::ptrdiff_t>(field * j),
                     x.begin() + static_cast<std::ptrdiff_t>(field * (j + 1)));
    const Bits term = multiply(chunk, power);
    for (std::size_t k = 0; k < field; ++k)
      sum[k] = sum[k] != term[k];
    power = multiply(power, alpha);
  }
  bool parity = false;
  for (std::size_t k = 0; k < field; ++k)
    parity = parity != (sum[k] && beta[k]);
  return parity;
}

/// The worst sum of 2^overlap over the sets before one.
void check_design(std::size_t sets, std::size_t set_size) {
  const WeakDesign design(sets, set_size);
  std::size_t placed = 0;
  for (const std::size_t size : design.block_sizes())
    placed += size;
  REQUIRE(placed == sets);
  CHECK(design.block_sizes().back() <= set_size);
  std::vector<std::vector<std::uint32_t>> all;
  for (std::size_t i = 0; i < sets; ++i) {
    all.push_back(design.positions(i));
    CHECK(all.back().size() == set_size);
    CHECK(std::ranges::is_sorted(all.back()));
    CHECK(all.back().back() < design.seed_bits());
  }
  double worst = 0;
  for (std::size_t i = 0; i < sets; i += 1 + sets / 97) {
    double sum = 0;
    for (std::size_t j = 0; j < i; ++j) {
      std::vector<std::uint32_t> common;
      std::ranges::set_intersection(all[i], all[j], std::back_inserter(common));
      sum += std::exp2(static_cast<double>(common.size()));
    }
    worst = std::max(worst, sum);
  }
  INFO(sets << " sets of " << set_size << ", worst sum " << worst);
  CHECK(worst <= static_cast<double>(sets));
}

}  // namespace

TEST_CASE("the weak design keeps its promise: sum of 2^overlap over the sets before is at most the number of sets") {
  for (const std::size_t sets : {1UL, 256UL, 257UL, 600UL, 1500UL})
    check_design(sets, WeakDesign::narrow);
  for (const std::size_t sets : {1UL, 512UL, 513UL, 1200UL})
    check_design(sets, WeakDesign::wide);
}

TEST_CASE("the field of 256 bits is one: z^256 + z^10 + z^5 + z^2 + 1 is irreducible") {
  // Rabin's test for a degree that is a power of two: z^(2^256) = z, and z^(2^128) + z has an inverse, which is its
  // power of 2^256 - 2.
  const auto square = [](const Bits& a) { return multiply(a, a); };
  Bits z(256, false), one(256, false);
  z[1] = one[0] = true;
  Bits power = z;
  for (int i = 0; i < 128; ++i)
    power = square(power);
  Bits half = power;
  half[1] = !half[1];
  for (int i = 128; i < 256; ++i)
    power = square(power);
  CHECK((power == z));
  Bits inverse = one, factor = half;
  for (int i = 1; i < 256; ++i) {
    factor = square(factor);
    inverse = multiply(inverse, factor);
  }
  CHECK((multiply(inverse, half) == one));
}

TEST_CASE("Trevisan is its definition, in both fields and on every target") {
  std::mt19937_64 engine(121);
  for (const std::size_t field : {128UL, 256UL}) {
    for (const auto& [n, m] :
         {std::pair<std::size_t, std::size_t>{64, 1}, {128, 31}, {129, 33}, {257, 64}, {1000, 300}, {5000, 600}}) {
      const WeakDesign design(m, 2 * field);
      const Words seed = naive::random_words(engine, trevisan_seed_bits(m, field));
      const Words x = naive::random_words(engine, n);
      const Words y = naive::run(*make_trevisan(n, m, seed, Target::portable, field), x);
      for (const Target target : supported_targets()) {
        INFO(name_of(target) << ": n " << n << " m " << m << " field " << field);
        CHECK((naive::run(*make_trevisan(n, m, seed, target, field), x) == y));
        // The length of the seed says which field it is.
        const ExtractorShape shape{n, m, trevisan_seed_bits(m, field)};
        CHECK((naive::run(*extractor_kind("trevisan").make(shape, seed, target), x) == y));
      }
      for (const std::size_t i : {std::size_t{0}, m / 2, m - 1})
        CHECK(get_bit(y, i) == output_bit(design, field, i, seed, naive::bits(x, n)));
    }
  }
}

TEST_CASE("Trevisan's plan: entropy loss, seed, and the limit of its field") {
  const ExtractorPlan plan =
      extractor_kind("trevisan").plan({.block_bits = 10000, .entropy_per_bit = 0.5, .log2_epsilon = -20});
  const auto m = static_cast<double>(plan.most_bits);
  CHECK(m + 4 * (std::log2(m) + 20) + 6 <= 5000);
  CHECK(m + 1 + 4 * (std::log2(m + 1) + 20) + 6 > 5000);
  CHECK(plan.shape.seed_bits == WeakDesign(plan.shape.output_bits).seed_bits());
  CHECK_THROWS_AS(make_trevisan(10, 11, Words(1024, 1)), Error);
  CHECK_THROWS_AS(make_trevisan(100, 50, Words(1023, 1)), Error);
  CHECK_THROWS_AS(make_trevisan(100, 50, Words(1024, 1), Target::portable, 64), Error);
}

TEST_CASE("Trevisan takes the wide field where the narrow one does not reach, and says so by the seed's length") {
  const ExtractorKind& kind = extractor_kind("trevisan");
  const ExtractorPlan fine = kind.plan({.block_bits = 10000, .entropy_per_bit = 0.5, .log2_epsilon = -64});
  const auto m = static_cast<double>(fine.most_bits);
  CHECK(m + 4 * (std::log2(m) + 64) + 6 <= 5000);
  CHECK(m + 1 + 4 * (std::log2(m + 1) + 64) + 6 > 5000);
  CHECK(fine.shape.seed_bits == trevisan_seed_bits(fine.shape.output_bits, 256));
  // What is refused at any length: log2 n + 2 log2(2 / epsilon) > 256.
  CHECK_THROWS_AS(kind.plan({.block_bits = 10000, .entropy_per_bit = 0.5, .log2_epsilon = -121}), Error);

  // At 2^-48 the narrow field has room for some bits, the wide one for many; who asks for few gets the narrow one.
  ExtractionRequest request{.block_bits = 10000, .entropy_per_bit = 0.5, .log2_epsilon = -48};
  const ExtractorPlan many = kind.plan(request);
  CHECK(many.shape.seed_bits == trevisan_seed_bits(many.shape.output_bits, 256));
  request.output_bits = many.shape.output_bits;
  CHECK(kind.plan(request).shape == many.shape);
  request.output_bits = 200;
  CHECK(kind.plan(request).shape.seed_bits == trevisan_seed_bits(200, 128));
  for (std::size_t bits = 1; bits < 2000; ++bits)
    if (trevisan_seed_bits(bits, 128) == trevisan_seed_bits(bits, 256)) FAIL(bits << " bits have one seed length");
}
