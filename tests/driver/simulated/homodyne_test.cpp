// SPDX-License-Identifier: Apache-2.0
#include "driver/simulated/homodyne/model.h"

#include <numeric>

#include "tests/driver/simulated/bench.h"

using namespace lightseed;
using namespace lightseed::simulated;
using namespace lightseed::simulated::testing;

TEST_CASE("homodyne's worst case has the published values, its average those of an exact quadrature") {
  // Over 5 standard deviations of the classical noise at the optimal ranges (photon model tables).
  const auto worst = [](double qcnr, double range) {
    return HomodyneModel{.qcnr_db = qcnr, .range = range, .noise_bound = 5}.worst_case_min_entropy();
  };
  CHECK(worst(10, 3.881) == Approx(6.369375).margin(5e-5));
  CHECK(worst(20, 2.898) == Approx(6.789708).margin(5e-4));
  CHECK(worst(30, 2.594) == Approx(6.951).margin(5e-4));
  CHECK(worst(0, 7.096) == Approx(5.499).margin(5e-4));
  CHECK(HomodyneModel{.noise_bound = 6}.worst_case_min_entropy() == Approx(5.249).margin(1e-3));
  CHECK(HomodyneModel{.noise_bound = 8}.worst_case_min_entropy() == Approx(3.383).margin(1e-3));

  // The average is a bound from below, and close.
  const auto just_below = [](const HomodyneModel& model, double exact) {
    CHECK(model.average_min_entropy() <= exact + 1e-6);
    CHECK(model.average_min_entropy() >= exact - 1e-4);
  };
  just_below({}, 6.369430);
  just_below({.qcnr_db = 20, .range = 2.898}, 6.790752);
  CHECK(HomodyneModel{.qcnr_db = 0, .range = 3.2}.average_min_entropy() == Approx(5.131).margin(1e-3));
  CHECK(HomodyneModel{.qcnr_db = -10, .range = 15}.average_min_entropy() == Approx(4.42).margin(5e-3));
  // The optima of the average case, 8 and 16 bits.
  CHECK(HomodyneModel{.qcnr_db = 20, .range = 2.585}.average_min_entropy() == Approx(6.934).margin(1e-3));
  CHECK(HomodyneModel{.qcnr_db = 0, .range = 4.329}.average_min_entropy() == Approx(6.106).margin(1e-3));
  CHECK(HomodyneModel{.range = 4.548, .bits = 16}.average_min_entropy() == Approx(14.108).margin(1e-3));

  // An offset costs more than a bit of the worst case, and the codes alone do not show it.
  const HomodyneModel offset{.offset = 0.3, .noise_bound = 5};
  CHECK(offset.worst_case_min_entropy() == Approx(5.3037).margin(1e-3));
  CHECK(HomodyneModel{}.marginal_min_entropy() == Approx(6.4381).margin(5e-4));
  CHECK(offset.marginal_min_entropy() == Approx(6.438).margin(2e-3));
}

TEST_CASE("what is claimed does not depend on a bound, and no bound raises it") {
  const auto claim_of = [](const std::string& more) {
    return open("sim:homodyne?seed=1&qcnr_db=0&range=3.2" + more)->info().claim;
  };
  const MinEntropy narrow = claim_of("&noise_bound=1");
  CHECK(narrow.bits_per_sample == Approx(5.131).margin(1e-3));
  CHECK(claim_of("&noise_bound=10").bits_per_sample == narrow.bits_per_sample);
  const ModelClaim record = model_claim_from(ObjectReader(narrow.details, "details"));
  CHECK(record.average_conditional == narrow.bits_per_sample);
  CHECK(record.worst_case_conditional == Approx(6.031).margin(1e-3));
  CHECK(record.worst_case_failure_log2.value() == Approx(std::log2(0.3173105)).margin(1e-6));
  for (double range = 1; range < 8; range += 1.7) {
    const HomodyneModel model{.range = range, .noise_bound = 9};
    CHECK(model.worst_case_min_entropy() <= model.average_min_entropy() + 1e-9);
    CHECK(model.average_min_entropy() <= model.marginal_min_entropy() + 1e-9);
  }
}

TEST_CASE("classical noise that is correlated in time is no basis for a claim") {
  const auto source = open("sim:homodyne?seed=1&noise_correlation=0.9");
  CHECK(source->info().claim.bits_per_sample == 0);
  CHECK_THAT(source->info().claim.method, Catch::Contains("correlated in time"));
}

TEST_CASE("homodyne's codes sum to one and follow the model, both ways and for every converter") {
  for (const double range : {0.5, 3.881, 20.0}) {
    const auto p = HomodyneModel{.range = range, .offset = 0.3}.code_probabilities();
    CHECK(std::accumulate(p.begin(), p.end(), 0.0) == Approx(1).margin(1e-12));
    CHECK(*std::min_element(p.begin(), p.end()) >= 0);
  }
  for (const char* const uri : {"sim:homodyne?seed=7", "sim:homodyne?seed=8&qcnr_db=0&range=2&offset=0.4",
                                "sim:homodyne?seed=9&bits=10&range=4.305", "sim:homodyne?seed=7&bits=16&range=5.4"}) {
    INFO(uri);
    CHECK(chi_square_deviations(samples_of(uri, 2'000'000), law_of(uri)) < 4);
    CHECK(chi_square_deviations(samples_of(std::string(uri) + "&path=full", 1'000'000), law_of(uri)) < 4);
  }
}

TEST_CASE("homodyne: who knows the classical noise guesses as often as the claim says") {
  for (const char* const uri :
       {"sim:homodyne?seed=1", "sim:homodyne?seed=2&qcnr_db=0&range=3.2&offset=0.3",
        "sim:homodyne?seed=4&range=4&bandwidth=0.25", "sim:homodyne?seed=5&range=4&bandwidth=0.1"}) {
    INFO(uri);
    const ExplainedSamples all = explained(uri, 5'000'000);
    CHECK(all.guessed_min_entropy() == Approx(all.analytic.entropy.average_conditional).margin(0.01));
    // What a test of the codes sees: a little less than the marginal, since it takes the largest of many.
    const double seen = plug_in_min_entropy({all.samples.begin(), all.samples.begin() + 1'000'000});
    CHECK(seen < all.analytic.entropy.marginal + 0.02);
    CHECK(seen > all.analytic.entropy.marginal - 0.10);
  }
}

TEST_CASE("homodyne of finite bandwidth: the innovations count") {
  const HomodyneModel wide{.range = 4, .bandwidth = 0.25};
  const HomodyneModel narrow{.range = 4, .bandwidth = 0.1};
  CHECK(wide.average_min_entropy() == Approx(6.294).margin(2e-3));
  CHECK(narrow.average_min_entropy() == Approx(6.084).margin(3e-3));
  CHECK(narrow.marginal_min_entropy() == Approx(HomodyneModel{.range = 4}.marginal_min_entropy()));
  CHECK(correlation(samples_of("sim:homodyne?seed=1&range=4&bandwidth=0.1", 1'000'000), 1) ==
        Approx(narrow.memory() / 1.1).margin(0.004));
  // Where the converter is too narrow, the signal stays beyond it for a while: runs of an end code bind the claim.
  CHECK(narrow.run_min_entropy() < narrow.average_min_entropy());
  CHECK(open("sim:homodyne?seed=1&range=4&bandwidth=0.1")->info().claim.bits_per_sample == narrow.run_min_entropy());
  const auto codes = samples_of("sim:homodyne?seed=2&range=1.5&bandwidth=0.1&qcnr_db=30", 2'000'000);
  double top = 0;
  double again = 0;
  for (std::size_t i = 3; i < codes.size(); ++i) {
    const bool run = codes[i - 1] == 255 && codes[i - 2] == 255 && codes[i - 3] == 255;
    top += run ? 1 : 0;
    again += run && codes[i] == 255 ? 1 : 0;
  }
  CHECK(HomodyneModel{.qcnr_db = 30, .range = 1.5, .bandwidth = 0.1}.run_min_entropy() ==
        Approx(-std::log2(again / top)).margin(0.03));
}

TEST_CASE("homodyne's faults do what they say; gain control hides a lost laser from every count of codes") {
  const auto variance = [](const std::string& fault) {
    const auto codes = samples_of("sim:homodyne?seed=1&fault=" + fault, 400'000);
    double sum = 0;
    double squares = 0;
    for (const std::uint16_t code : codes) {
      sum += code - 128.0;
      squares += (code - 128.0) * (code - 128.0);
    }
    const auto n = static_cast<double>(codes.size());
    return std::pair(sum / n * 3.881 / 128, (squares / n - sum * sum / n / n) * 3.881 * 3.881 / 128 / 128);
  };
  const auto healthy = variance("none");
  CHECK(healthy.second == Approx(1.1).margin(0.01));
  CHECK(variance("laser_off@0").second == Approx(0.1).margin(0.002));
  CHECK(variance("laser_off@0:size=0.5").second == Approx(0.6).margin(0.01));
  CHECK(variance("dc_drift@0").first == Approx(0.3).margin(0.01));
  CHECK(variance("dc_drift@0:size=0.2:ramp=400000").first == Approx(0.1).margin(0.01));
  CHECK(variance("gain_drift@0:size=-0.5").second == Approx(1.1 / 4).margin(0.01));
  CHECK(variance("tone@0:size=1").second == Approx(1.6).margin(0.01));
  CHECK(variance("cmrr_loss@0").second == Approx(1.35).margin(0.01));
  CHECK(variance("injection@0").first > 3.8);
  CHECK(variance("agc_mask@0").second == Approx(healthy.second).margin(0.01));

  // The trap: laser off behind automatic gain control. Codes as before, and no quantum entropy at all.
  const ExplainedSamples masked = explained("sim:homodyne?seed=1&fault=agc_mask@0", 1'000'000);
  CHECK(plug_in_min_entropy(masked.samples) == Approx(6.438).margin(0.10));
  CHECK(masked.guessed_min_entropy() == 0);
  CHECK(masked.traces[0].cause == Cause::noise);
}

TEST_CASE("impossible homodyne parameters are refused with parameter, value and range") {
  using Catch::Contains;
  CHECK_THAT(refusal_of("sim:homodyne?range=-1"), Contains("range=-1") && Contains("from 0.1 to 100"));
  CHECK_THAT(refusal_of("sim:homodyne?range=0.1"), Contains("range=0.1") && Contains("would clip"));
  CHECK_THAT(refusal_of("sim:homodyne?bits=7"), Contains("bits=7") && Contains("from 8 to 16"));
  for (const char* const value : {"nan", "inf", "-inf", "1e999", ""})
    CHECK_THAT(refusal_of(std::string("sim:homodyne?qcnr_db=") + value),
               Contains("qcnr_db=") && Contains("from -20 to 60"));
}
