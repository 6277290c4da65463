#include "stats/health/cutoffs.h"

#include <catch2/catch.hpp>

#include "core/error.h"

using namespace lightseed;

TEST_CASE("cut-offs of the default homodyne source at 2^-30") {
  CHECK(health::repetition_count_cutoff(6.369, -30) == 6);
  CHECK(health::adaptive_proportion_cutoff(512, 6.369, -30) == 27);
}

TEST_CASE("cut-offs refuse what makes no sense") {
  CHECK_THROWS_AS(health::repetition_count_cutoff(0, -30), Error);
  CHECK_THROWS_AS(health::adaptive_proportion_cutoff(512, 1, 0), Error);
}
