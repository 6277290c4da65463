// SPDX-License-Identifier: Apache-2.0
#include "evidence/min_entropy.h"

#include <catch2/catch.hpp>

#include "core/error.h"

using namespace lightseed;

TEST_CASE("a min-entropy claim survives JSON; a malformed one is refused") {
  const MinEntropy claim{6.369, MinEntropy::Basis::modelled, "because", {"if this", "and that"}, {{"k", 5}}};
  const Json json = to_json(claim);
  CHECK(to_json(min_entropy_from({json, "claim"})) == json);
  Json bad = to_json(claim);
  bad["basis"] = "hoped";
  CHECK_THROWS_WITH(min_entropy_from({bad, "claim"}), Catch::Contains("claim."));
  bad = to_json(claim);
  bad["bits_per_sample"] = -1;
  CHECK_THROWS_WITH(min_entropy_from({bad, "claim"}), Catch::Contains("claim."));
}
