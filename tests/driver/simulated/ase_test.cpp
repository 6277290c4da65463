// SPDX-License-Identifier: Apache-2.0
#include "driver/simulated/ase/ase.h"

#include "tests/driver/simulated/bench.h"

using namespace lightseed;
using namespace lightseed::simulated;
using namespace lightseed::simulated::testing;

TEST_CASE("ASE min-entropy has the sheet's values") {
  const auto exact = [](unsigned modes) {
    return min_entropy_of(marginal_law(AseModel{.modes = modes, .noise = 0}.signal()));
  };
  CHECK(exact(1) == Approx(5.432).margin(1e-3));
  CHECK(exact(2) == Approx(6.262).margin(1e-3));
  CHECK(exact(4) == Approx(6.351).margin(1e-3));
  CHECK(exact(8) == Approx(6.278).margin(1e-3));
  CHECK(exact(16) == Approx(6.117).margin(1e-3));
}

TEST_CASE("ASE codes follow their law both ways, and who knows the noise guesses as often as the claim says") {
  for (const char* const uri :
       {"sim:ase?seed=1", "sim:ase?seed=2&modes=1&noise=0.05", "sim:ase?seed=3&modes=16&bits=10"}) {
    INFO(uri);
    CHECK(chi_square_deviations(samples_of(uri, 1'000'000), law_of(uri)) < 4);
    CHECK(chi_square_deviations(samples_of(std::string(uri) + "&path=full", 1'000'000), law_of(uri)) < 4);
    const ExplainedSamples all = explained(uri, 2'000'000);
    CHECK(all.guessed_min_entropy() == Approx(all.analytic.entropy.average_conditional).margin(0.01 + all.error() / 2));
    CHECK(all.analytic.claim <= all.guessed_min_entropy() + all.error());
    CHECK(plug_in_min_entropy(all.samples) < all.analytic.entropy.marginal + 0.02);
    CHECK(plug_in_min_entropy(all.samples) > all.analytic.entropy.marginal - 0.12);
  }
}

TEST_CASE("ASE's faults do what they say; the claim says what a thermal source cannot") {
  const auto mean = [](const std::string& fault) {
    double sum = 0;
    for (const std::uint16_t code : samples_of("sim:ase?seed=1&fault=" + fault, 100'000))
      sum += (code + 0.5) * 3.5 / 256;
    return sum / 100'000;
  };
  CHECK(mean("none") == Approx(1).margin(0.01));
  CHECK(mean("power_drift@0") == Approx(0.7).margin(0.01));
  CHECK(mean("pump_loss@0") < 0.02);
  CHECK(mean("dc_drift@0") == Approx(1.2).margin(0.015));
  CHECK(chi_square_deviations(samples_of("sim:ase?seed=1&range=3.5&fault=filter_drift@0", 200'000),
                              law_of("sim:ase?modes=16&range=3.5")) < 4);
  CHECK(correlation(samples_of("sim:ase?seed=1&fault=supply_ripple@0:size=0.5", 300'000), 10) > 0.1);
  CHECK(explained("sim:ase?seed=1&fault=pump_loss@0", 10'000).guessed_min_entropy() == 0);
  CHECK_THAT(to_json(open("sim:ase?seed=1")->info().claim).dump(), Catch::Contains("trusted thermal source"));
  CHECK_THAT(refusal_of("sim:ase?range=0.001"), Catch::Contains("range=0.001") && Catch::Contains("clip"));
  CHECK_THAT(refusal_of("sim:ase?modes=0"), Catch::Contains("modes=0"));
}
