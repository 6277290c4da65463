// SPDX-License-Identifier: Apache-2.0
#include "stats/audit/percent.h"

#include <catch2/catch.hpp>

using lightseed::stats::percent;

TEST_CASE("percent without powers of ten, and never rounded to all or nothing") {
  CHECK(percent(0) == "0 %");
  CHECK(percent(1e-300) == "less than 0.001 %");
  CHECK(percent(1e-5) == "0.001 %");
  CHECK(percent(0.000521) == "0.052 %");
  CHECK(percent(0.0389) == "3.9 %");
  CHECK(percent(0.0994) == "9.9 %");
  CHECK(percent(0.0995) == "10 %");
  CHECK(percent(0.849) == "85 %");
  CHECK(percent(0.99) == "99 %");
  CHECK(percent(0.9950001) == "more than 99 %");
  CHECK(percent(1 - 1e-16) == "more than 99 %");
  CHECK(percent(1) == "100 %");
}
