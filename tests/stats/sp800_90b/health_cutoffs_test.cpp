#include <catch2/catch.hpp>

#include "stats/health/cutoffs.h"
#include "tests/stats/sp800_90b/known_answers.h"

using namespace lightseed;

TEST_CASE("health-test cut-offs: the whole grid of known answers") {
  const Json known = sp800_90b::load_json("health-cutoffs");
  for (const Json& entry : known["rct"]) {
    INFO(entry.dump());
    CHECK(health::repetition_count_cutoff(entry["H"], entry["alpha_log2"]) == entry["C"].get<std::uint32_t>());
  }
  for (const Json& entry : known["apt"]) {
    INFO(entry.dump());
    CHECK(health::adaptive_proportion_cutoff(entry["W"], entry["H"], entry["alpha_log2"]) ==
          entry["C"].get<std::uint32_t>());
  }
  CHECK(known["rct"].size() > 40);
  CHECK(known["apt"].size() > 80);
}
