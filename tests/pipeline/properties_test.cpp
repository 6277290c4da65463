// SPDX-License-Identifier: Apache-2.0
#include <rapidcheck.h>

#include <algorithm>
#include <bit>
#include <catch2/catch.hpp>
#include <cmath>
#include <cstdlib>
#include <set>
#include <string>
#include <vector>

#include "core/error.h"
#include "entropy/account.h"
#include "entropy/extract/registry.h"
#include "gf2/binary_field/polynomial_product.h"
#include "tests/category_of.h"
#include "tests/entropy/extract/run_extractor.h"

// Properties of extractors, plans and the account, for arguments rapidcheck generates and shrinks. Large bit strings
// come from an engine whose seed is what rapidcheck chooses: they need no shrinking.

using namespace lightseed;
using naive::run;
using naive::Words;

namespace {

/// Always the same arguments. RC_PARAMS="seed=…" in the environment tries others.
template <typename Property>
bool holds(const std::string& what, Property property) {
  setenv("RC_PARAMS", "seed=20261121 max_success=100", 0);
  return rc::check(what, property);
}

std::mt19937_64 engine() {
  return std::mt19937_64(*rc::gen::arbitrary<std::uint64_t>());
}

/// From `least` to `most`, both included.
template <typename T>
T between(T least, T most) {
  return *rc::gen::inRange<T>(least, most + 1);
}

/// An extractor as planned for a generated request; nothing where the request is refused.
struct Planned {
  const ExtractorKind* kind;
  ExtractorPlan plan;
};

ExtractionRequest any_request() {
  ExtractionRequest request;
  request.block_bits = between<std::size_t>(64, 3000);
  request.entropy_per_bit = between(1, 100) / 100.0;
  request.log2_epsilon = -between(1, 300) / 2.0;
  request.side = *rc::gen::element(SideInformation::classical, SideInformation::quantum);
  request.seed_entropy_per_bit = *rc::gen::element(1.0, 1.0, 0.99, 0.9, 0.7);
  if (between(0, 3) == 0) request.log2_smoothing = request.log2_epsilon - between(1, 30);
  return request;
}

/// The largest output; 0 when the request is refused.
std::size_t most_bits(const ExtractorKind& kind, const ExtractionRequest& request) {
  std::size_t most = 0;
  try {
    most = kind.plan(request).most_bits;
  } catch (const Error& e) {
    RC_ASSERT(e.category() == Category::refused);
  }
  return most;
}

std::vector<const ExtractorKind*> seeded_kinds() {
  std::vector<const ExtractorKind*> kinds;
  for (const ExtractorKind& kind : extractors())
    if (kind.seeded) kinds.push_back(&kind);
  return kinds;
}

/// Any shape a kind can make, by way of its plans: whatever n it takes for a block length, and any m up to n / 2.
Planned any_shape(const ExtractorKind& kind) {
  const auto bits = between<std::size_t>(80, 2500);
  ExtractionRequest request{.block_bits = bits, .entropy_per_bit = 1, .log2_epsilon = -1};
  request.side = SideInformation::classical;
  request.output_bits = between<std::size_t>(1, bits / 3);
  return {&kind, kind.plan(request)};
}

Words exclusive_or(Words a, const Words& b) {
  for (std::size_t i = 0; i < a.size(); ++i)
    a[i] ^= b[i];
  return a;
}

}  // namespace

TEST_CASE("properties: seeded extractors give the same bits on every target, and are linear but for Raz") {
  for (const ExtractorKind* kind : seeded_kinds()) {
    CHECK(holds(std::string(kind->name), [&] {
      const ExtractorShape shape = any_shape(*kind).plan.shape;
      auto random = engine();
      const Words seed = naive::random_words(random, shape.seed_bits);
      const Words a = naive::random_words(random, shape.input_bits), b = naive::random_words(random, shape.input_bits);
      const Words of_a = run(*kind->make(shape, seed, Target::portable), a);
      for (const Target target : supported_targets()) {
        const auto extractor = kind->make(shape, seed, target);
        RC_ASSERT(run(*extractor, a) == of_a);
        if (shape.output_bits % 64 != 0) RC_ASSERT(of_a.back() >> shape.output_bits % 64 == 0U);
        if (kind->name == "raz") continue;
        RC_ASSERT(run(*extractor, exclusive_or(a, b)) == exclusive_or(of_a, run(*extractor, b)));
      }
    }));
  }
}

TEST_CASE("properties: the Toeplitz family by its matrix, column by column, and by products of polynomials") {
  for (const char* name : {"toeplitz", "modified-toeplitz"}) {
    const ExtractorKind& kind = extractor_kind(name);
    CHECK(holds(std::string(name) + ": a unit vector gives its column", [&] {
      const ExtractorShape shape = any_shape(kind).plan.shape;
      const auto [rows, columns] = kind.matrix(shape);
      auto random = engine();
      const Words seed = naive::random_words(random, shape.seed_bits);
      const auto j = between<std::size_t>(0, shape.input_bits - 1);
      Words unit(words_for(shape.input_bits), 0);
      set_bit(unit, j, true);
      Words column(words_for(rows), 0);
      if (j < columns) {
        copy_bits(seed, columns - j, column, 0, rows);  // T[i][j] = t[columns + i - j]
      } else {
        set_bit(column, j - columns, true);
      }
      const auto target = *rc::gen::elementOf(supported_targets());
      RC_ASSERT(run(*kind.make(shape, seed, target), unit) == column);
    }));
    CHECK(holds(std::string(name) + ": coefficients of t(z) x(z)", [&] {
      const ExtractorShape shape = any_shape(kind).plan.shape;
      const auto [rows, columns] = kind.matrix(shape);
      auto random = engine();
      const Words seed = naive::random_words(random, shape.seed_bits);
      const Words x = naive::random_words(random, shape.input_bits);
      const auto target = *rc::gen::elementOf(supported_targets());
      const binary::PolynomialKernel& kernel = binary::polynomial_kernel(target);
      const std::size_t words =
          (words_for(rows + columns) + kernel.leaf_words - 1) / kernel.leaf_words * kernel.leaf_words;
      Words t(words, 0), factor(words, 0), product(2 * words, 0), scratch(kernel.scratch_words(words));
      copy_bits(seed, 1, t, 1, rows + columns - 1);
      copy_bits(x, 0, factor, 0, columns);
      kernel.multiply(t.data(), factor.data(), product.data(), words, scratch.data());
      Words expected(words_for(rows), 0);
      copy_bits(product, columns, expected, 0, rows);
      if (columns != shape.input_bits) xor_bits(x, columns, expected, 0, rows);
      RC_ASSERT(run(*kind.make(shape, seed, target), x) == expected);
    }));
  }
}

TEST_CASE("properties: what a plan says can be made, asked for again, and never more") {
  for (const ExtractorKind* kind : seeded_kinds()) {
    CHECK(holds(std::string(kind->name), [&] {
      ExtractionRequest request = any_request();
      if (kind->name == "trevisan") request.seed_entropy_per_bit = 1;
      RC_PRE(most_bits(*kind, request) > 0U);
      const ExtractorPlan plan = kind->plan(request);
      const ExtractorShape& shape = plan.shape;
      RC_ASSERT(shape.output_bits >= 1U);
      RC_ASSERT(shape.output_bits <= plan.most_bits);
      RC_ASSERT(plan.most_bits <= shape.input_bits);
      RC_ASSERT(static_cast<double>(plan.most_bits) <= plan.min_entropy);
      RC_ASSERT(shape.input_bits <= request.block_bits);
      RC_ASSERT(plan.min_entropy == request.entropy_per_bit * static_cast<double>(shape.input_bits));
      auto random = engine();
      RC_ASSERT(kind->make(shape, naive::random_words(random, shape.seed_bits), Target::portable)->shape() == shape);
      request.output_bits = shape.output_bits;
      RC_ASSERT(kind->plan(request).shape == shape);
      request.output_bits = plan.most_bits + 1;
      RC_ASSERT(test::category_of([&] { kind->plan(request); }) == Category::refused);
    }));
  }
}

TEST_CASE("properties: more entropy, a larger epsilon, a better seed or a weaker adversary never yield less") {
  for (const ExtractorKind* kind : seeded_kinds()) {
    CHECK(holds(std::string(kind->name), [&] {
      ExtractionRequest request = any_request();
      if (kind->name == "trevisan") request.seed_entropy_per_bit = 1;
      const std::size_t base = most_bits(*kind, request);
      ExtractionRequest better = request;
      switch (between(0, 4)) {
        case 0: better.entropy_per_bit = std::min(1.0, request.entropy_per_bit * 1.1); break;
        case 1: better.log2_epsilon /= 2; break;
        case 2: better.seed_entropy_per_bit = 1; break;
        case 3: better.side = SideInformation::classical; break;
        default: better.log2_smoothing.reset(); break;
      }
      if (better.log2_smoothing) *better.log2_smoothing += better.log2_epsilon - request.log2_epsilon;
      better.log2_smoothing = better.log2_smoothing ? std::min(*better.log2_smoothing, -0.1) : better.log2_smoothing;
      RC_ASSERT(most_bits(*kind, better) >= base);
    }));
  }
}

namespace {

struct Charge {
  double log2_epsilon;
  std::uint64_t count;
  bool seed;
};

void charge(EpsilonAccount& account, const Charge& one) {
  if (one.seed) {
    account.charge_seed(one.log2_epsilon, one.count);
  } else {
    account.charge(one.log2_epsilon, one.count);
  }
}

/// Together below 2^-20: 30 charges of at most 2^20 times 2^-45.
std::vector<Charge> any_charges() {
  std::vector<Charge> charges(between<std::size_t>(0, 30));
  for (Charge& one : charges)
    one = {-45 - between(0, 4000) / 8.0, between<std::uint64_t>(0, std::uint64_t{1} << 20), between(0, 3) == 0};
  return charges;
}

}  // namespace

TEST_CASE("properties: an epsilon account is a sum") {
  CHECK(holds("of any order and grouping, which a verifier finds again", [] {
    auto charges = any_charges();
    EpsilonAccount account(-20);
    for (const Charge& one : charges)
      charge(account, one);

    EpsilonAccount split(-20);
    auto random = engine();
    std::shuffle(charges.begin(), charges.end(), random);
    for (Charge one : charges) {
      const std::uint64_t part = one.count == 0 ? 0 : random() % one.count;
      charge(split, {one.log2_epsilon, part, one.seed});
      charge(split, {one.log2_epsilon, one.count - part, one.seed});
    }
    RC_ASSERT(split.total_log2() == account.total_log2());
    RC_ASSERT(split.blocks() == account.blocks());
    const EpsilonRecord record = account.record();
    const Json text = Json::parse(to_json(record).dump());
    RC_ASSERT(epsilon_record_from({text, ""}) == record);
    RC_ASSERT(account_from(record).record() == record);

    double sum = 0;
    for (const Charge& one : charges)
      sum += static_cast<double>(one.count) * std::exp2(one.log2_epsilon);
    if (sum > 0) {
      RC_ASSERT(account.total_log2() >= std::log2(sum) - 1e-9);
      RC_ASSERT(account.total_log2() <= std::log2(sum) + 1e-9);
    }
  }));
  CHECK(holds("that stays within its limit: a charge that would pass it is refused and changes nothing", [] {
    EpsilonAccount account(-45);
    bool refused = false;
    for (const Charge& one : any_charges()) {
      const double before = account.total_log2();
      const EpsilonRecord before_it = account.record();
      try {
        charge(account, one);
        RC_ASSERT(account.total_log2() >= before);
      } catch (const Error& e) {
        refused = true;
        RC_ASSERT(e.category() == Category::refused);
        RC_ASSERT(account.record() == before_it);
        RC_ASSERT(std::log2(std::exp2(before) + static_cast<double>(one.count) * std::exp2(one.log2_epsilon)) >
                  -45 - 1e-9);
      }
      RC_ASSERT(account.total_log2() <= -45);
    }
    RC_CLASSIFY(refused);
  }));
  CHECK(holds("exact for whole logarithms: 2^a blocks of 2^-(a+b) are 2^-b, and one more is too much", [] {
    const int a = between(0, 63), b = between(0, 3900);
    EpsilonAccount account(-b);
    account.charge(-a - b, std::uint64_t{1} << a);
    RC_ASSERT(account.total_log2() == -b);
    RC_ASSERT(test::category_of([&] { account.charge(-4000, 1); }) == Category::refused);
  }));
}
