#include "pipeline/plan.h"

#include <catch2/catch.hpp>
#include <cmath>

#include "core/error.h"
#include "entropy/extract/leftover_hash.h"

using namespace lightseed;

TEST_CASE("the leftover hash lemma, rounded down and never below zero") {
  CHECK(leftover_hash_output(13043.7, -78) == 12887);
  CHECK(leftover_hash_output(100, -50) == 0);
  CHECK(leftover_hash_output(100.5, -49) == 2);
  CHECK(leftover_hash_output(10, -64) == 0);
}

TEST_CASE("a plan keeps its budget and gives enough bits, for any demand") {
  for (const std::uint64_t bits : {1ULL, 128ULL, 1'000'000ULL, 128'000'000ULL, 8'320'000'000ULL, 1ULL << 50}) {
    for (const double claim : {0.3, 3.0, 6.369, 7.9}) {
      for (const int limit : {-32, -64, -128}) {
        CAPTURE(bits, claim, limit);
        const ExtractionPlan plan = plan_extraction(claim, {8, 8}, bits, limit);
        // blocks * 2^-e <= 2^limit, in whole numbers.
        const int spare = limit - plan.log2_epsilon_block;
        CHECK(spare >= 0);
        CHECK(std::ldexp(1.0, spare) >= static_cast<double>(plan.blocks));
        CHECK(plan.blocks * plan.output_bits >= bits);
        CHECK(plan.output_bits % 64 == 0);
        CHECK(static_cast<double>(plan.output_bits) <= plan.min_entropy + 2 * plan.log2_epsilon_block);
        CHECK(plan.samples == 2048);
      }
    }
  }
}

TEST_CASE("a claim too low for any output is refused with the arithmetic") {
  CHECK_THROWS_WITH(plan_extraction(0.05, {8, 8}, 1000, -64), Catch::Contains("102.4") && Catch::Contains("128"));
  CHECK_THROWS_AS(plan_extraction(6, {8, 8}, 0, -64), Error);
  CHECK_THROWS_AS(plan_extraction(6, {8, 8}, 1000, 0), Error);
}
