#include "stats/health/cutoffs.h"

#include <catch2/catch.hpp>
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
