// SPDX-License-Identifier: Apache-2.0
#include "driver/simulated/phase_noise/model.h"

#include "tests/driver/simulated/bench.h"

using namespace lightseed;
using namespace lightseed::simulated;
using namespace lightseed::simulated::testing;

TEST_CASE("phase-noise min-entropy has the sheet's values") {
  const auto exact = [](unsigned bits, double visibility) {
    PhaseNoiseModel model{.visibility = visibility, .noise = 0, .phase_deviation = 100, .bits = bits};
    return min_entropy_of(marginal_law(model.signal()));
  };
  CHECK(exact(8, 1) == Approx(4.6506).margin(1e-4));
  CHECK(exact(10, 1) == Approx(5.6513).margin(1e-4));
  CHECK(exact(12, 1) == Approx(6.6514).margin(1e-4));
  CHECK(exact(8, 0.9) == Approx(5.199).margin(1e-3));
  // Detector noise lifts what the codes show by more than a bit and a half over what may be claimed at worst.
  const PhaseNoiseModel usual{};
  CHECK(min_entropy_of(marginal_law(usual.signal())) == Approx(6.226).margin(3e-3));
  // Within four standard deviations of the noise the fringe stays inside the converter; at six its end code fills up.
  const double at_four = PhaseNoiseModel{.phase_deviation = 100, .bound = 4}.conditional().worst;
  CHECK(at_four <= 4.5744 + 5e-5);  // the tip of a cusp, -log2(acos(1 - d / V) / pi): missed by any grid
  CHECK(at_four >= 4.5744 - 3e-4);
  CHECK(usual.conditional().worst < 3.7);
  CHECK(usual.conditional().average > usual.conditional().worst);
  CHECK(usual.conditional().average < 5.3);
  // One bit: a comparator with an offset.
  CHECK(PhaseNoiseModel{.phase_deviation = 100, .bits = 1}.conditional().worst == Approx(0.8821).margin(1e-3));
  CHECK(std::log2(PhaseNoiseModel{.phase_deviation = 2}.excess()) == Approx(0.346).margin(1e-3));
  CHECK(std::log2(PhaseNoiseModel{.phase_deviation = 3}.excess()) == Approx(0.032).margin(1e-3));
  CHECK(std::log2(PhaseNoiseModel{.phase_deviation = 4}.excess()) == Approx(0.0010).margin(1e-4));
}

TEST_CASE("phase-noise codes follow their law both ways, and who knows the noise guesses as often as the claim says") {
  for (const char* const uri : {"sim:phase-noise?seed=1", "sim:phase-noise?seed=2&visibility=0.7&noise=0.05&bits=10",
                                "sim:phase-noise?seed=3&bits=1&offset=0.05", "sim:phase-noise?seed=4&mode=cw",
                                "sim:phase-noise?seed=5&mode=cw&linewidth=10&visibility=2"}) {
    INFO(uri);
    CHECK(chi_square_deviations(samples_of(uri, 1'000'000), law_of(uri)) < 4);
    const ExplainedSamples all = explained(uri, 2'000'000);
    CHECK(chi_square_deviations(all.samples, law_of(uri)) < 4);
    CHECK(all.guessed_min_entropy() == Approx(all.analytic.entropy.average_conditional).margin(0.01 + all.error() / 2));
    CHECK(all.analytic.claim <= all.guessed_min_entropy() + all.error());
    CHECK(plug_in_min_entropy(all.samples) < all.analytic.entropy.marginal + 0.02);
    CHECK(plug_in_min_entropy(all.samples) > all.analytic.entropy.marginal - 0.10);
  }
}

TEST_CASE("a phase that does not forget is claimed for the worst interferometer") {
  const PhaseNoiseModel slow{.phase_deviation = 2};
  const ExplainedSamples all = explained("sim:phase-noise?seed=1&phase_deviation=2", 2'000'000);
  CHECK(all.guessed_min_entropy() > slow.conditional().average - 0.01);
  CHECK(all.guessed_min_entropy() < slow.conditional().average + 0.15);  // the bound holds for any phase, and is near
}

TEST_CASE("phase-noise's faults do what they say") {
  const auto guessed = [](const std::string& fault) {
    return explained("sim:phase-noise?seed=1&fault=" + fault, 100'000).guessed_min_entropy();
  };
  CHECK(guessed("none") > 4.5);
  CHECK(guessed("laser_below_threshold@0") == 0);
  CHECK(guessed("injection_lock@0") == 0);
  CHECK(guessed("injection_lock@0:size=0.9") < 3.5);
  CHECK(guessed("visibility_loss@0") < guessed("none") - 0.3);
  CHECK(guessed("gain_drift@0") < 2.5);  // saturation
  CHECK(chi_square_deviations(samples_of("sim:phase-noise?seed=1&fault=dc_drift@0", 200'000),
                              law_of("sim:phase-noise?offset=0.1")) < 4);
  CHECK_THAT(refusal_of("sim:phase-noise?mode=cw&linewidth=0.001"), Catch::Contains("linewidth=0.001"));
  CHECK_THAT(refusal_of("sim:phase-noise?mode=pulse"), Catch::Contains("did you mean pulsed"));
}
