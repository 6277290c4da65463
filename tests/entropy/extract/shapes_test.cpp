// SPDX-License-Identifier: Apache-2.0
#include "entropy/extract/shapes.h"

#include <catch2/catch.hpp>
#include <utility>

#include "core/error.h"
#include "tests/category_of.h"

using namespace lightseed;

namespace {

/// Output bits a raw bit, and a unit of work.
struct Merit {
  double yield, rate;
};

Merit merit(const ExtractorKind& kind, const RunPlan& plan) {
  const auto m = static_cast<double>(plan.block.shape.output_bits);
  return {m / static_cast<double>(plan.block.shape.input_bits), m / kind.work(plan.block.shape)};
}

}  // namespace

TEST_CASE("balanced plans are of whole tiles, mostly much faster, and cost at most two per cent of the yield") {
  // Of ten shapes so many are faster by a quarter; some are of whole tiles as they are.
  for (const auto& [name, many] : {std::pair("modified-toeplitz", 7), std::pair("toeplitz", 6)}) {
    const ExtractorKind& kind = extractor_kind(name);
    int much_faster = 0;
    for (int percent = 50; percent <= 95; percent += 5) {
      CAPTURE(name, percent);
      const RunRequest asked{.bits_per_sample = 0.08 * percent, .wanted_bits = 8'000'000'000};
      const RunPlan before = plan_run(kind, asked);
      const RunRequest chosen = choose_shape(kind, asked, Preference::balanced);
      const RunPlan after = plan_run(kind, chosen);
      CHECK(merit(kind, after).yield >= 0.98 * merit(kind, before).yield);
      // At h = 0.95 the block as asked for is of whole tiles already.
      CHECK(merit(kind, after).rate >= merit(kind, before).rate);
      much_faster += merit(kind, after).rate >= 1.25 * merit(kind, before).rate ? 1 : 0;
      CHECK(after.log2_epsilon_limit == before.log2_epsilon_limit);
      CHECK(after.block.shape.output_bits <= after.block.most_bits);
      EpsilonAccount account(after.log2_epsilon_limit);
      account.charge(after.block.log2_epsilon, after.blocks);

      const RunPlan fast = plan_run(kind, choose_shape(kind, asked, Preference::rate));
      CHECK(merit(kind, fast).yield >= 0.85 * merit(kind, before).yield);
      CHECK(merit(kind, fast).rate >= merit(kind, after).rate);
      CHECK(plan_run(kind, choose_shape(kind, asked, Preference::yield)).block.shape == before.block.shape);
    }
    CHECK(much_faster >= many);
  }
}

TEST_CASE("shapes are left alone where there are no tiles, where blocks are short, and where m is said") {
  const auto same = [](const char* name, const RunRequest& request) {
    const RunRequest chosen = choose_shape(extractor_kind(name), request, Preference::rate);
    return chosen.block_bits == request.block_bits && chosen.output_bits == request.output_bits;
  };
  CHECK(same("raz", {.bits_per_sample = 6, .wanted_bits = 1000}));
  CHECK(same("circulant", {.bits_per_sample = 6, .wanted_bits = 1000}));
  CHECK(same("modified-toeplitz", {.bits_per_sample = 6, .wanted_bits = 1000, .block_bits = 4000}));
  CHECK(same("modified-toeplitz", {.bits_per_sample = 6, .wanted_bits = 1000, .output_bits = 8000}));
  CHECK(test::category_of([] {
          static_cast<void>(
              choose_shape(extractors().front(), {.bits_per_sample = 0.05, .wanted_bits = 1000}, Preference::balanced));
        }) == Category::refused);
  CHECK(test::category_of([] { static_cast<void>(preference_from("speed")); }) == Category::usage);
  for (const Preference preference : {Preference::yield, Preference::balanced, Preference::rate})
    CHECK(preference_from(name_of(preference)) == preference);
}

TEST_CASE("a string of raw bits gets the same shapes as a run") {
  const ExtractorKind& kind = extractors().front();
  const ExtractionRequest asked{.entropy_per_bit = 0.8, .log2_epsilon = -64};
  const StringPlan before = plan_string(kind, asked, 8'000'000'000);
  const StringPlan after =
      plan_string(kind, choose_shape(kind, asked, 8'000'000'000, Preference::balanced), 8'000'000'000);
  CHECK(after.block.shape.output_bits % 512 == 0);
  CHECK(after.block.shape.input_bits % 512 == 0);
  CHECK(after.blocks == 8'000'000'000 / after.block.shape.input_bits);
  CHECK(static_cast<double>(after.block.shape.output_bits) / static_cast<double>(after.block.shape.input_bits) >=
        0.98 * static_cast<double>(before.block.shape.output_bits) /
            static_cast<double>(before.block.shape.input_bits));
}
