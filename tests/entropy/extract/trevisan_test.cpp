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

/// GF(2^128) one bit at a time.
Bits multiply(const Bits& a, const Bits& b) {
  Bits product(255, false);
  for (std::size_t i = 0; i < 128; ++i)
    for (std::size_t j = 0; j < 128; ++j)
      product[i + j] = product[i + j] != (a[i] && b[j]);
  for (std::size_t i = 254; i >= 128; --i) {
    if (!product[i]) continue;
    for (const std::size_t place : {0UL, 1UL, 2UL, 7UL})
      product[i - 128 + place] = !product[i - 128 + place];
  }
  product.resize(128);
  return product;
}

bool output_bit(const WeakDesign& design, std::size_t set, const Words& seed, Bits x) {
  const auto positions = design.positions(set);
  Bits alpha(128), beta(128), power(128, false), sum(128, false);
  for (std::size_t k = 0; k < 128; ++k) {
    alpha[k] = get_bit(seed, positions[k]);
    beta[k] = get_bit(seed, positions[128 + k]);
  }
  power[0] = true;
  x.resize((x.size() + 127) / 128 * 128, false);
  for (std::size_t j = 0; j < x.size() / 128; ++j) {
    const Bits chunk(x.begin() + static_cast<std::ptrdiff_t>(128 * j),
                     x.begin() + static_cast<std::ptrdiff_t>(128 * j + 128));
    const Bits term = multiply(chunk, power);
    for (std::size_t k = 0; k < 128; ++k)
      sum[k] = sum[k] != term[k];
    power = multiply(power, alpha);
  }
  bool parity = false;
  for (std::size_t k = 0; k < 128; ++k)
    parity = parity != (sum[k] && beta[k]);
  return parity;
}

}  // namespace

TEST_CASE("the weak design keeps its promise: sum of 2^overlap over the sets before is at most the number of sets") {
  for (const std::size_t sets : {1UL, 256UL, 257UL, 600UL, 1500UL}) {
    const WeakDesign design(sets);
    std::size_t placed = 0;
    for (const std::size_t size : design.block_sizes())
      placed += size;
    REQUIRE(placed == sets);
    CHECK(design.block_sizes().back() <= 256);
    std::vector<std::vector<std::uint32_t>> all;
    for (std::size_t i = 0; i < sets; ++i) {
      all.push_back(design.positions(i));
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
    INFO(sets << " sets, worst sum " << worst);
    CHECK(worst <= static_cast<double>(sets));
  }
}

TEST_CASE("Trevisan is its definition, on every target") {
  std::mt19937_64 engine(121);
  for (const auto& [n, m] :
       {std::pair<std::size_t, std::size_t>{64, 1}, {128, 31}, {129, 33}, {1000, 300}, {5000, 270}}) {
    const WeakDesign design(m);
    const Words seed = naive::random_words(engine, design.seed_bits());
    const Words x = naive::random_words(engine, n);
    const Words y = naive::run(*make_trevisan(n, m, seed, Target::portable), x);
    for (const Target target : supported_targets()) {
      INFO(name_of(target) << ": n " << n << " m " << m);
      CHECK((naive::run(*make_trevisan(n, m, seed, target), x) == y));
    }
    for (const std::size_t i : {std::size_t{0}, m / 2, m - 1})
      CHECK(get_bit(y, i) == output_bit(design, i, seed, naive::bits(x, n)));
  }
}

TEST_CASE("Trevisan's plan: entropy loss, seed, and the limit of its field") {
  const ExtractorPlan plan =
      extractor_kind("trevisan").plan({.block_bits = 10000, .entropy_per_bit = 0.5, .log2_epsilon = -20});
  const auto m = static_cast<double>(plan.most_bits);
  CHECK(m + 4 * (std::log2(m) + 20) + 6 <= 5000);
  CHECK(m + 1 + 4 * (std::log2(m + 1) + 20) + 6 > 5000);
  CHECK(plan.shape.seed_bits == WeakDesign(plan.shape.output_bits).seed_bits());
  CHECK_THROWS_AS(extractor_kind("trevisan").plan({.block_bits = 10000, .entropy_per_bit = 0.5, .log2_epsilon = -64}),
                  Error);
  CHECK_THROWS_AS(make_trevisan(10, 11, Words(1024, 1)), Error);
  CHECK_THROWS_AS(make_trevisan(100, 50, Words(1023, 1)), Error);
}
