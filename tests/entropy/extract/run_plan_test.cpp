// SPDX-License-Identifier: Apache-2.0
#include "entropy/extract/run_plan.h"

#include <catch2/catch.hpp>
#include <cmath>

#include "core/error.h"
#include "entropy/extract/leftover_hash.h"
#include "tests/category_of.h"

using namespace lightseed;
using test::category_of;

TEST_CASE("the leftover hash lemma, rounded down and never below zero") {
  CHECK(leftover_hash_output(13043.7, -78) == 12887);
  CHECK(leftover_hash_output(100, -50) == 0);
  CHECK(leftover_hash_output(100.5, -49) == 2);
  CHECK(leftover_hash_output(10, -64) == 0);
}

TEST_CASE("every plan keeps its budget to the last bit and gives enough bits, for any kind and demand") {
  for (const ExtractorKind& kind : extractors()) {
    if (!kind.seeded) continue;
    for (const std::uint64_t bits : {1ULL, 128ULL, 1'000'000ULL, 8'320'000'000ULL, 1ULL << 50, ~0ULL}) {
      for (const double limit : {-20.0, -32.5, -64.0, std::log2(1e-20)}) {
        CAPTURE(kind.name, bits, limit);
        RunRequest request{.bits_per_sample = 6.369, .wanted_bits = bits, .log2_epsilon = limit, .block_bits = 8000};
        RunPlan plan;
        try {
          plan = plan_run(kind, request);
        } catch (const Error& e) {
          CHECK(e.category() == Category::refused);
          CHECK((kind.name == "trevisan" || (kind.name == "dodis" && limit < -32)));
          continue;
        }
        CHECK(plan.log2_epsilon_limit <= limit);
        CHECK(plan.log2_epsilon_limit > limit - 1e-6);
        EpsilonAccount account(plan.log2_epsilon_limit);
        account.charge(plan.block.log2_epsilon, plan.blocks);  // throws when it does not fit
        const std::uint64_t m = plan.block.shape.output_bits;
        CHECK(m % 8 == 0);
        CHECK(bits / m + (bits % m != 0 ? 1 : 0) <= plan.blocks);
        CHECK(plan.samples * 8 <= plan.block.shape.input_bits);
        CHECK(plan.block.min_entropy == 6.369 * static_cast<double>(plan.samples));
        CHECK(plan.block.most_bits >= m);
      }
    }
  }
}

TEST_CASE("a plan of modified Toeplitz is what it was before other kinds could be planned") {
  const RunPlan plan = plan_run(extractors().front(), {.bits_per_sample = 6.369375, .wanted_bits = 8'320'000'000});
  CHECK(plan.block.shape == ExtractorShape{16384, 12864, 16384});
  CHECK(plan.samples == 2048);
  CHECK(plan.blocks == 646767);
  CHECK(plan.block.log2_epsilon == -84);
}

TEST_CASE("epsilon is divided by the blocks that a kind really takes") {
  // A gigabit in raz' largest field is 15,259 blocks, not 1 Gbit / 2^20; and blocks of 9 bits are of 4 for circulant.
  const StringPlan raz =
      plan_string(extractor_kind("raz"),
                  {.block_bits = std::size_t{1} << 20, .entropy_per_bit = 0.8, .log2_epsilon = -64}, 1'000'000'000);
  CHECK(raz.blocks == 1'000'000'000 / raz.block.shape.input_bits);
  CHECK(raz.block.log2_epsilon + std::log2(static_cast<double>(raz.blocks)) <= -64);
  for (const ExtractorKind& kind : extractors()) {
    if (!kind.seeded) continue;
    CAPTURE(kind.name);
    const StringPlan plan =
        plan_string(kind, {.block_bits = 3000, .entropy_per_bit = 0.95, .log2_epsilon = std::log2(1e-8)}, 10'000'000);
    CHECK(plan.blocks == 10'000'000 / plan.block.shape.input_bits);
    EpsilonAccount account(plan.log2_epsilon_limit);
    account.charge(plan.block.log2_epsilon, plan.blocks);
  }
}

TEST_CASE("samples of every format: whole bytes of them in a block, and their entropy alone counts") {
  const ExtractorKind& kind = extractors().front();
  for (const unsigned bits : {1U, 2U, 3U, 4U, 5U, 6U, 7U}) {
    CAPTURE(bits);
    const RunPlan plan = plan_run(
        kind, {.bits_per_sample = 0.9 * bits, .format = {bits, bits}, .wanted_bits = 1000, .log2_epsilon = -40});
    CHECK(plan.samples * bits % 8 == 0);
    CHECK(plan.samples * bits <= 16384);
    CHECK(plan.samples * bits > 16384 - 8 * bits);
    CHECK(plan.raw_bytes() == plan.samples * bits / 8);
    CHECK(plan.block.min_entropy == 0.9 * bits * static_cast<double>(plan.samples));
  }
  const RunPlan wide =
      plan_run(kind, {.bits_per_sample = 9, .format = {12, 16}, .wanted_bits = 1000, .log2_epsilon = -40});
  CHECK(wide.samples == 1024);
  CHECK(wide.raw_bytes() == 2048);
  CHECK(wide.block.min_entropy == 9 * 1024);
}

TEST_CASE("a claim too low for any output is refused with the arithmetic, nonsense as usage") {
  const ExtractorKind& kind = extractors().front();
  CHECK_THROWS_WITH(plan_run(kind, {.bits_per_sample = 0.05, .wanted_bits = 1000}),
                    Catch::Contains("102.4") && Catch::Contains("128"));
  const auto category = [&](const RunRequest& request, const char* name = "modified-toeplitz") {
    return category_of([&] { static_cast<void>(plan_run(extractor_kind(name), request)); });
  };
  CHECK(category({.bits_per_sample = 0, .wanted_bits = 1000}) == Category::refused);
  CHECK(category({.bits_per_sample = 6, .wanted_bits = 0}) == Category::usage);
  CHECK(category({.bits_per_sample = 6, .wanted_bits = 1000, .log2_epsilon = 0}) == Category::usage);
  CHECK(category({.bits_per_sample = 6, .wanted_bits = 1000, .log2_epsilon = -1001}) == Category::usage);
  CHECK(category({.bits_per_sample = 6, .wanted_bits = 1000, .log2_epsilon = std::nan("")}) == Category::usage);
  CHECK(category({.bits_per_sample = 8.1, .wanted_bits = 1000}) == Category::usage);
  CHECK(category({.bits_per_sample = std::nan(""), .wanted_bits = 1000}) == Category::usage);
  CHECK(category({.bits_per_sample = 6, .wanted_bits = 1000}, "peres") == Category::usage);
  CHECK(category({.bits_per_sample = 6, .wanted_bits = 1000, .log2_seed_epsilon = -64.5}) == Category::refused);
}

TEST_CASE("a seed that is charged leaves the blocks half of epsilon") {
  const ExtractorKind& kind = extractors().front();
  const RunPlan plain = plan_run(kind, {.bits_per_sample = 6, .wanted_bits = 100'000});
  const RunPlan charged = plan_run(kind, {.bits_per_sample = 6, .wanted_bits = 100'000, .log2_seed_epsilon = -65});
  CHECK(charged.block.log2_epsilon == plain.block.log2_epsilon - 1);
  CHECK(charged.log2_epsilon_limit == -64);
  EpsilonAccount account(charged.log2_epsilon_limit);
  account.charge_seed(-65);
  account.charge(charged.block.log2_epsilon, charged.blocks);
}
