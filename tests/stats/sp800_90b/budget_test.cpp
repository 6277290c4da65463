// SPDX-License-Identifier: Apache-2.0
#include "stats/sp800_90b/budget.h"

#include <catch2/catch.hpp>

#include "tests/category_of.h"

using namespace lightseed;
using namespace lightseed::sp800_90b;
using lightseed::test::category_of;

TEST_CASE("budget: what does not fit is refused, what fits is not") {
  const std::uint64_t needed = budget_of(10'000'000, 8).bytes;
  CHECK(needed > 1'000'000'000);  // thirteen bytes a bit
  CHECK_NOTHROW(check_budget(10'000'000, 8, needed));
  CHECK(category_of([&] { check_budget(10'000'000, 8, needed - 1); }) == Category::refused);
  CHECK_NOTHROW(check_budget(10'000'000, 8, 0));  // nobody knows
  CHECK_NOTHROW(check_budget(most_samples(8), 8, 0));
  CHECK(category_of([&] { check_budget(most_samples(8) + 1, 8, 0); }) == Category::refused);
  CHECK(most_samples(1) == 8 * most_samples(8));
}
