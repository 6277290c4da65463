#include "evidence/min_entropy.h"

#include <catch2/catch.hpp>

#include "core/error.h"

using namespace lightseed;

TEST_CASE("a min-entropy claim survives JSON; a malformed one is refused") {
  const MinEntropy claim{6.369, MinEntropy::Basis::modelled, "because", {"if this", "and that"}, {{"k", 5}}};
  CHECK(to_json(min_entropy_from(to_json(claim))) == to_json(claim));
  Json bad = to_json(claim);
  bad["basis"] = "hoped";
  CHECK_THROWS_AS(min_entropy_from(bad), Error);
  bad = to_json(claim);
  bad["bits_per_sample"] = -1;
  CHECK_THROWS_AS(min_entropy_from(bad), Error);
}
