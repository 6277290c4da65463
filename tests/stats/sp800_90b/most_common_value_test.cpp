// SPDX-License-Identifier: Apache-2.0
#include "stats/sp800_90b/non_iid/most_common_value.h"

#include <catch2/catch.hpp>
#include <cmath>
#include <vector>

#include "core/error.h"

using namespace lightseed;
using sp800_90b::most_common_value;

// The worked example of 6.3.1: 20 samples, the mode comes 8 times.
TEST_CASE("most common value: the standard's example") {
  const std::vector<std::uint8_t> symbols{0, 1, 1, 2, 0, 1, 2, 2, 0, 1, 0, 1, 1, 0, 2, 2, 1, 0, 2, 1};
  const auto result = most_common_value(symbols);
  CHECK(result.mode_count == 8);
  CHECK(result.p_hat == 0.4);
  CHECK(result.p_u == Approx(0.6895).margin(5e-5));
  CHECK(result.min_entropy == Approx(0.5363).margin(1e-4));
}

TEST_CASE("most common value: certain and too short") {
  const auto constant = most_common_value(std::vector<std::uint8_t>(1000, 7));
  CHECK(constant.p_u == 1);
  CHECK(constant.min_entropy == 0);
  CHECK_FALSE(std::signbit(constant.min_entropy));
  CHECK_THROWS_AS(most_common_value(std::vector<std::uint8_t>(1)), Error);
}

TEST_CASE("most common value: every byte value and every tail length is counted") {
  for (unsigned length = 2; length < 12; ++length) {
    std::vector<std::uint8_t> symbols(length, 255);
    symbols[0] = 0;
    CHECK(most_common_value(symbols).mode_count == length - 1);
  }
}
