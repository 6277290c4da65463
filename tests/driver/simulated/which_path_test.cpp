// SPDX-License-Identifier: Apache-2.0
#include "driver/simulated/which_path/model.h"

#include "tests/driver/simulated/bench.h"

using namespace lightseed;
using namespace lightseed::simulated;
using namespace lightseed::simulated::testing;

namespace {

/// Two equal detectors that click with probability p a gate.
WhichPathModel even(double p, unsigned dead) {
  const double efficiency = -std::log(1 - p) / 0.1;
  return {.efficiency = {efficiency, efficiency}, .dark = 0, .dead = dead, .afterpulse = 0};
}

}  // namespace

TEST_CASE("which-path min-entropy has the sheet's values") {
  const WhichPathModel clean{.afterpulse = 0};
  CHECK(clean.numbers().marginal == Approx(0.96490).margin(2e-5));
  CHECK(clean.numbers().average_conditional == Approx(0.9642).margin(1e-4));
  const WhichPathModel dark{.dark = 1e-3, .afterpulse = 0};
  CHECK(dark.numbers().marginal == Approx(0.96648).margin(2e-5));
  CHECK(dark.numbers().average_conditional == Approx(0.90175).margin(2e-5));
  // A detector's private dead time: an adversary who sees it names the other one.
  CHECK(even(0.02, 5).numbers().average_conditional == Approx(0.8722).margin(5e-3));
  CHECK(even(0.02, 10).numbers().average_conditional == Approx(0.7741).margin(5e-3));
  CHECK(even(0.05, 10).numbers().average_conditional == Approx(0.5726).margin(1e-2));
  CHECK(even(0.02, 5).numbers().marginal == Approx(1).margin(1e-9));  // and the bits alone look perfect
  // Blocking both detectors costs rate, not entropy.
  WhichPathModel both = even(0.02, 10);
  both.dead_both = true;
  CHECK(both.numbers().average_conditional == Approx(1).margin(1e-9));
  CHECK(both.numbers().bits_a_gate < even(0.02, 10).numbers().bits_a_gate);
}

TEST_CASE("which-path: who knows the detectors guesses as often as the claim says") {
  for (const char* const uri :
       {"sim:which-path?seed=1", "sim:which-path?seed=2&dark=0.001&afterpulse=0.05&afterpulse_gates=3",
        "sim:which-path?seed=3&dead=10&afterpulse=0", "sim:which-path?seed=4&dead=8&blocks=both&dark=0.001",
        "sim:which-path?seed=5&eta1=0.6&dead=2", "sim:which-path?seed=8&afterpulse=0.3&afterpulse_gates=20"}) {
    INFO(uri);
    const ExplainedSamples all = explained(uri, 1'000'000);
    CHECK(all.guessed_min_entropy() == Approx(all.analytic.entropy.average_conditional).margin(0.006));
    CHECK(all.analytic.claim <= all.guessed_min_entropy() + all.error());
    CHECK(plug_in_min_entropy(all.samples) == Approx(all.analytic.entropy.marginal).margin(0.005));
  }
}

TEST_CASE("which-path: bits that are easy to name come together, and the claim allows for it") {
  // Without memory both are one number.
  const WhichPathModel free{.afterpulse = 0};
  CHECK(free.numbers().run_conditional == free.numbers().average_conditional);
  for (const char* const uri :
       {"sim:which-path?seed=6&dead=10&afterpulse=0", "sim:which-path?seed=7&eta1=0.6&dead=4",
        "sim:which-path?seed=8&afterpulse=0.3&afterpulse_gates=20", "sim:which-path?seed=9&photons=4&dead=3"}) {
    INFO(uri);
    const ExplainedSamples all = explained(uri, 2'000'000);
    // The oracle names the likelier bit of each gate; the claim's adversary looks ahead, and is as good or better.
    CHECK(all.analytic.claim <= all.run_min_entropy(4, 12) + 0.004);
    CHECK(all.analytic.claim > all.run_min_entropy(4, 12) - 0.04);
  }
}

TEST_CASE("which-path without memory follows its law both ways") {
  const std::string uri = "sim:which-path?seed=7&afterpulse=0&eta1=0.3&dark=0.002";
  CHECK(chi_square_deviations(samples_of(uri, 2'000'000), law_of(uri)) < 4);
  CHECK(chi_square_deviations(samples_of(uri + "&path=full", 1'000'000), law_of(uri)) < 4);
}

TEST_CASE("which-path traps: private dead time makes bits alternate, afterpulses make them repeat") {
  const auto lag_one = [](const std::string& more) {
    return correlation(samples_of("sim:which-path?seed=2" + more, 1'000'000), 1);
  };
  // Click probability 0.02 and 0.05 a gate; the sheet's correlations.
  const std::string p02 = "&eta0=0.20203&eta1=0.20203&dark=0&afterpulse=0";
  const std::string p05 = "&eta0=0.51293&eta1=0.51293&dark=0&afterpulse=0";
  CHECK(lag_one(p02 + "&dead=5") == Approx(-0.0926).margin(0.006));
  CHECK(lag_one(p02 + "&dead=10") == Approx(-0.1695).margin(0.006));
  CHECK(lag_one(p05 + "&dead=10") == Approx(-0.3448).margin(0.006));
  CHECK(lag_one(p02 + "&dead=10&blocks=both") == Approx(0).margin(0.004));
  CHECK(lag_one("&eta0=0.20203&eta1=0.20203&dark=0&afterpulse=0.1") > 0.05);
}

TEST_CASE("which-path's faults do what they say") {
  const auto share_of_ones = [](const std::string& fault) {
    double ones = 0;
    for (const std::uint16_t bit : samples_of("sim:which-path?seed=3&fault=" + fault, 200'000))
      ones += bit;
    return ones / 200'000;
  };
  const double healthy = share_of_ones("none");
  CHECK(healthy == Approx(0.512).margin(0.005));
  CHECK(share_of_ones("blinding@0") < 0.001);
  CHECK(share_of_ones("hv_loss@0") > 0.99);
  CHECK(share_of_ones("eff_mismatch_drift@0:size=1") == Approx(0.678).margin(0.01));
  CHECK(share_of_ones("dark_rise@0:size=100000") == Approx(0.5).margin(0.01));
  // Without light only dark counts are left, and the oracle says so.
  const ExplainedSamples off = explained("sim:which-path?seed=3&fault=led_off@0", 8000);
  CHECK(off.guessed_min_entropy() < 0.03);
  // Without dark counts as well, nothing comes any more: a timeout, not a hang.
  const auto silent = open("sim:which-path?seed=3&dark=0&fault=led_off@800");
  silent->start({});
  std::vector<std::byte> bytes(1000);
  CHECK(silent->read(bytes, {}).bytes == 100);
  CHECK(silent->read(bytes, {}).state == ReadState::timeout);
}

TEST_CASE("impossible which-path parameters are refused") {
  using Catch::Contains;
  CHECK_THAT(refusal_of("sim:which-path?eta0=1.2"), Contains("eta0=1.2") && Contains("from 0 to 1"));
  CHECK_THAT(refusal_of("sim:which-path?photons=-1"), Contains("photons=-1") && Contains("from 0 to 20"));
  CHECK_THAT(refusal_of("sim:which-path?photons=0&dark=0"), Contains("photons=0"));
  CHECK_THAT(refusal_of("sim:which-path?dead=33"), Contains("dead=33") && Contains("from 0 to 32"));
  CHECK_THAT(refusal_of("sim:which-path?blocks=bot"), Contains("did you mean both"));
}
