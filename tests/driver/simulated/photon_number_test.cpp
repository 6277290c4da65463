// SPDX-License-Identifier: Apache-2.0
#include "driver/simulated/photon_number/model.h"

#include "driver/simulated/frame/converter.h"
#include "tests/driver/simulated/bench.h"

using namespace lightseed;
using namespace lightseed::simulated;
using namespace lightseed::simulated::testing;

TEST_CASE("photon-number min-entropy has the sheet's values, which are not Shannon's") {
  const auto poisson = [](double mean) { return min_entropy_of(PoissonLaw(mean).p); };
  CHECK(poisson(1) == Approx(1.4427).margin(1e-4));
  CHECK(poisson(10) == Approx(2.9987).margin(1e-4));
  CHECK(poisson(100) == Approx(4.6489).margin(1e-4));
  CHECK(poisson(410) == Approx(5.6658).margin(1e-4));
  CHECK(poisson(15000) == Approx(8.2621).margin(1e-4));

  const PhotonNumberModel whole{};
  CHECK(min_entropy_of(whole.law({})) == Approx(5.6848).margin(1e-3));
  CHECK(whole.conditional({}).average == Approx(5.6658).margin(1e-4));
  const PhotonNumberModel half{.gain = 0.5, .bits = 8, .kept_bits = 8};
  CHECK(min_entropy_of(half.law({})) == Approx(4.6852).margin(1e-3));
  CHECK(half.conditional({}).worst == Approx(4.6658).margin(1e-3));
  // More than a bit of pure over-credit by anything that looks at the codes alone.
  const PhotonNumberModel twice{.gain = 2, .offset = -12};
  CHECK(min_entropy_of(twice.law({})) == Approx(6.684).margin(2e-3));
  CHECK(twice.conditional({}).average == Approx(5.666).margin(1e-3));
}

TEST_CASE("photon-number trap: with a gain of two codes an electron the low bits are the read noise's") {
  const auto bits = [](double gain, unsigned low, unsigned kept) {
    const PhotonNumberModel model{.gain = gain, .bits = 12, .low_bit = low, .kept_bits = kept};
    CHECK(min_entropy_of(model.law({})) == Approx(kept).margin(2e-3));  // what the codes show, in every case
    return model.conditional({}).worst;
  };
  CHECK(bits(1, 0, 2) == Approx(2).margin(1e-3));
  CHECK(bits(2, 0, 1) == Approx(0).margin(1e-9));
  CHECK(bits(2, 0, 2) == Approx(1).margin(1e-3));
  CHECK(bits(2, 1, 2) == Approx(2).margin(1e-3));
  CHECK(bits(4, 0, 2) == Approx(0).margin(1e-9));
  CHECK(bits(4, 2, 2) == Approx(2).margin(1e-3));
}

TEST_CASE("photon-number: no read noise gives the adversary more than the claim allows") {
  for (const double gain : {0.3, 0.797, 1.0, 1.37, 2.0}) {
    for (const unsigned low : {0U, 1U}) {
      const PhotonNumberModel model{
          .electrons = 90, .gain = gain, .bits = 10, .low_bit = low, .kept_bits = low == 0 ? 10U : 4U};
      INFO(gain << ' ' << low);
      // The naive twin: every number of electrons, for noises drawn at random in 3,000 slices.
      Dice dice(Keystream("brute force", 1, 0));
      const PoissonLaw poisson(90);
      double average = 0;
      double worst = 0;
      for (int slice = 0; slice < 3'000; ++slice) {
        const double low_end = -6 + slice * 12.0 / 3'000;
        const double noise = low_end + dice.unit() * 12.0 / 3'000;
        std::vector<double> seen(1024);
        for (std::size_t i = 0; i < poisson.p.size(); ++i)
          seen[model.code(static_cast<double>(poisson.first + i), 0.3 + 3.3 * noise)] += poisson.p[i];
        const double best = *std::max_element(seen.begin(), seen.end());
        average += best * (normal_cdf(low_end + 12.0 / 3'000) - normal_cdf(low_end));
        worst = std::max(worst, best);
      }
      const auto claimed = model.conditional({.dark = 0.3});
      CHECK(claimed.average < -std::log2(average) + 1e-4);
      CHECK(claimed.average > -std::log2(average) - 0.02);
      CHECK(claimed.worst < -std::log2(worst) + 1e-9);
      CHECK(claimed.worst > -std::log2(worst) - 0.02);
    }
  }
}

TEST_CASE("photon-number: codes follow the law of their pixel, both ways") {
  const std::string uri = "sim:photon-number?seed=1&prnu=0&dsnu=0";
  for (const char* const more : {"", "&gain=0.5", "&electrons=20&gain=3&read_noise=0.5&offset=10",
                                 "&gain=2&low_bit=1&kept_bits=6&bits=11", "&read_noise=0"}) {
    INFO(more);
    CHECK(chi_square_deviations(samples_of(uri + more, 1'000'000), law_of(uri + more)) < 4);
    CHECK(chi_square_deviations(samples_of(uri + more + "&path=full", 500'000), law_of(uri + more)) < 4);
  }
  // Pixels that differ: the same pixel again and again has one law, whichever way it is drawn.
  const std::string uneven = "sim:photon-number?seed=1&pixels=64&prnu=0.1&dsnu=5";
  const auto fast = samples_of(uneven, 640'000);
  const auto full = samples_of(uneven + "&path=full", 640'000);
  double spread = 0;
  for (std::size_t pixel = 0; pixel < 64; ++pixel) {
    double a = 0;
    double b = 0;
    for (std::size_t i = pixel; i < fast.size(); i += 64) {
      a += fast[i];
      b += full[i];
    }
    CHECK(a / 10'000 == Approx(b / 10'000).margin(1.5));  // 21 / sqrt(5000) is 0.3
    spread = std::max(spread, std::abs(a / 10'000 - 410));
  }
  CHECK(spread > 40);
}

TEST_CASE("photon-number: who knows the read noise guesses as often as the claim says") {
  for (const char* const uri :
       {"sim:photon-number?seed=1&prnu=0&dsnu=0", "sim:photon-number?seed=2&prnu=0&dsnu=0&gain=0.5&bits=8",
        "sim:photon-number?seed=3&prnu=0&dsnu=0&electrons=20&gain=2"}) {
    INFO(uri);
    const ExplainedSamples all = explained(uri, 1'000'000);
    CHECK(all.guessed_min_entropy() == Approx(all.analytic.entropy.average_conditional).margin(0.01 + all.error() / 2));
    CHECK(all.analytic.claim <= all.guessed_min_entropy() + all.error());
    const double seen = plug_in_min_entropy({all.samples.begin(), all.samples.begin() + 1'000'000});
    CHECK(seen < all.analytic.entropy.marginal + 0.02);
    CHECK(seen > all.analytic.entropy.marginal - 0.10);
  }
  // The worst pixel binds: less light, less noise.
  const auto uneven = open("sim:photon-number?seed=1&prnu=0.1");
  CHECK(uneven->info().claim.bits_per_sample <
        open("sim:photon-number?seed=1&prnu=0")->info().claim.bits_per_sample - 0.05);
}

TEST_CASE("photon-number's faults do what they say") {
  const auto mean = [](const std::string& fault, std::size_t from = 0, std::size_t step = 1) {
    const auto codes = samples_of("sim:photon-number?seed=1&prnu=0&dsnu=0&pixels=64&fault=" + fault, 64'000);
    double sum = 0;
    double count = 0;
    for (std::size_t i = from; i < codes.size(); i += step, ++count)
      sum += codes[i];
    return sum / count;
  };
  CHECK(mean("none") == Approx(410).margin(1));
  CHECK(mean("led_ageing@0") == Approx(287).margin(1));
  CHECK(mean("led_off@0") < 3);
  CHECK(mean("light_leak@0") == Approx(460).margin(1));
  CHECK(mean("dc_drift@0") == Approx(460).margin(1));
  CHECK(mean("hot_pixel@0", 0, 64) == Approx(510).margin(4));
  CHECK(mean("rts_pixel@0", 1, 64) == Approx(425).margin(4));
  CHECK(mean("power_flicker@0", 16, 64) > 480);
  CHECK(correlation(samples_of("sim:photon-number?seed=1&prnu=0&dsnu=0&fault=row_noise@0", 500'000), 1) > 0.15);
  CHECK(explained("sim:photon-number?seed=1&fault=led_off@0", 10'000).guessed_min_entropy() == 0);
  CHECK_THAT(refusal_of("sim:photon-number?electrons=600"), Catch::Contains("full_well=500"));
  CHECK_THAT(refusal_of("sim:photon-number?low_bit=6&kept_bits=6"), Catch::Contains("low_bit=6"));
}
