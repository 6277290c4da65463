// SPDX-License-Identifier: Apache-2.0
#include "core/provenance.h"

#include <catch2/catch.hpp>

using namespace lightseed;

TEST_CASE("the worst provenance wins, in any order, and only hardware may become production") {
  using enum Provenance;
  const Provenance all[] = {hardware, recorded, simulated};
  for (const Provenance a : all) {
    for (const Provenance b : all) {
      CHECK(worst(a, b) == worst(b, a));
      CHECK(fit_for_production(worst(a, b)) == (a == hardware && b == hardware));
      CHECK((worst(a, b) == simulated) == (a == simulated || b == simulated));
    }
    CHECK(provenance_from(name_of(a)) == a);
    CHECK(banner(a).empty() == fit_for_production(a));
  }
  CHECK(banner(simulated) == "SIMULATED – NOT FOR PRODUCTION");
  CHECK(!provenance_from("quantum"));
}
