// SPDX-License-Identifier: Apache-2.0
#include "stats/health/cutoffs.h"

#include <catch2/catch.hpp>
#include <cmath>
#include <fstream>

#include "core/error.h"
#include "core/json.h"
#include "tests/test_paths.h"

using namespace lightseed;

TEST_CASE("cut-offs equal the known answers for every claim and false-alarm rate") {
  std::ifstream file(lightseed::test::data_folder() + std::string("/health/cutoffs.json"));
  const Json known = Json::parse(file);
  REQUIRE(known["rct"].size() >= 50);
  REQUIRE(known["apt"].size() >= 50);
  for (const Json& row : known["rct"]) {
    CAPTURE(row.dump());
    CHECK(health::repetition_count_cutoff(row["H"], row["alpha_log2"]) == row["C"]);
  }
  for (const Json& row : known["apt"]) {
    CAPTURE(row.dump());
    CHECK(health::adaptive_proportion_cutoff(row["W"], row["H"], row["alpha_log2"]) == row["C"]);
  }
}

TEST_CASE("cut-offs of the default homodyne source at 2^-30") {
  CHECK(health::repetition_count_cutoff(6.369, -30) == 6);
  CHECK(health::adaptive_proportion_cutoff(512, 6.369, -30) == 27);
}

TEST_CASE("cut-offs refuse what makes no sense") {
  for (const double claim : {0.0, -1.0, 17.0, std::nan("")}) {
    CHECK_THROWS_AS(health::repetition_count_cutoff(claim, -30), Error);
  }
  CHECK_THROWS_AS(health::adaptive_proportion_cutoff(512, 1, 0), Error);
}

TEST_CASE("a repetition count cut-off above 2^32 is no small one") {
  CHECK(health::repetition_count_cutoff(6.984919309616089e-09, -30) == 4'294'967'297);
  CHECK(health::repetition_count_cutoff(1e-9, -30) == 30'000'000'001);
  CHECK_THROWS_AS(health::repetition_count_cutoff(1e-15, -30), Error);
  CHECK_THROWS_AS(health::repetition_count_cutoff(1e-300, -1000), Error);
}

namespace {

/// P(Binomial(n, p) >= k), term by term.
double upper_tail(unsigned n, double p, unsigned k) {
  double sum = 0;
  for (unsigned i = k; i <= n; ++i) {
    sum += std::exp(std::lgamma(n + 1.0) - std::lgamma(i + 1.0) - std::lgamma(n - i + 1.0) + i * std::log(p) +
                    (n - i) * std::log1p(-p));
  }
  return sum;
}

}  // namespace

TEST_CASE("the adaptive proportion test's true rate counts the first sample, as 4.4.2 does and its cut-off does not") {
  for (const double claim : {0.1, 0.5, 1.0, 3.0, 6.37, 8.0, 12.0, 15.35, 16.0}) {
    for (const double alpha : {-20.0, -30.0, -40.0}) {
      const std::uint32_t window = claim <= 1 ? 1024 : 512;
      const std::uint32_t cutoff = health::adaptive_proportion_cutoff(window, claim, alpha);
      const auto rate = health::adaptive_proportion_rate_log2(window, cutoff, claim);
      CAPTURE(claim, alpha, cutoff);
      REQUIRE(rate);
      CHECK(*rate == Approx(std::log2(upper_tail(window - 1, std::exp2(-claim), cutoff - 1))).margin(1e-6));
      CHECK(*rate < -10);
    }
  }
  // How many times alpha that is: exact values computed elsewhere.
  const auto factor = [](double claim) {
    return std::exp2(
        *health::adaptive_proportion_rate_log2(512, health::adaptive_proportion_cutoff(512, claim, -30), claim) + 30);
  };
  CHECK(factor(15.35) == Approx(323).epsilon(0.01));
  CHECK(factor(16) == Approx(84).epsilon(0.01));
  CHECK(factor(12) == Approx(5).epsilon(0.1));
  CHECK(factor(8) == Approx(3.5).epsilon(0.02));
  CHECK(factor(6.37) == Approx(1.8).epsilon(0.03));
}

TEST_CASE("an adaptive proportion test that can never fail has no rate") {
  for (const auto& [window, claim] : {std::pair{512U, 0.058}, {1024U, 0.029}}) {
    const std::uint32_t cutoff = health::adaptive_proportion_cutoff(window, claim, -30);
    CHECK(cutoff == window + 1);
    CHECK_FALSE(health::adaptive_proportion_rate_log2(window, cutoff, claim));
  }
  CHECK(health::adaptive_proportion_rate_log2(512, health::adaptive_proportion_cutoff(512, 0.059, -30), 0.059));
}
