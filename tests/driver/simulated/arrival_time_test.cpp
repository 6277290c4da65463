// SPDX-License-Identifier: Apache-2.0
#include "driver/simulated/arrival_time/model.h"

#include "driver/simulated/arrival_time/arrival_time.h"
#include "driver/simulated/frame/converter.h"
#include "tests/driver/simulated/bench.h"

using namespace lightseed;
using namespace lightseed::simulated;
using namespace lightseed::simulated::testing;

TEST_CASE("arrival-time min-entropy has the sheet's values") {
  const auto counter = [](double mean_in_step, unsigned bits) {
    return min_entropy_of(
        ArrivalTimeModel{.rate = mean_in_step * 250, .dark = 0, .bits = bits, .dead = 0, .jitter = 0}.law());
  };
  CHECK(counter(0.004, 8) == Approx(7.3267).margin(1e-4));
  CHECK(counter(0.01, 8) == Approx(6.5350).margin(1e-4));
  CHECK(counter(0.05, 8) == Approx(4.3578).margin(1e-4));
  CHECK(counter(0.004, 12) == Approx(7.9687).margin(1e-4));
  const auto bin = [](double window) {
    return min_entropy_of(
        ArrivalTimeModel{.encoding = ArrivalTimeModel::Encoding::bin, .window = window, .jitter = 0}.law());
  };
  CHECK(bin(0.1) == Approx(7.9288).margin(1e-4));
  CHECK(bin(0.5) == Approx(7.6557).margin(1e-4));
  CHECK(bin(1) == Approx(7.3411).margin(1e-4));
  const auto parity = [](double mean, double dead = 0) {
    return min_entropy_of(
        ArrivalTimeModel{.encoding = ArrivalTimeModel::Encoding::parity, .dark = 0, .window = mean, .dead = dead}
            .law());
  };
  CHECK(parity(5, 500) == Approx(0.99992).margin(1e-5));  // dead for half the mean wait after each
  CHECK(parity(1) == Approx(0.81688).margin(1e-4));
  CHECK(parity(2) == Approx(0.97382).margin(1e-4));
  CHECK(parity(5) == Approx(0.99994).margin(2e-5));
}

TEST_CASE("uneven steps cost what the widest is wider than the mean") {
  ArrivalTimeModel model{.encoding = ArrivalTimeModel::Encoding::bin, .dark = 0, .jitter = 0};
  const double even = -std::log2(model.guess().average);
  model.weights.assign(256, 1.0);
  model.weights[7] = 1.1;
  model.weights[8] = 0.9;
  CHECK(-std::log2(model.guess().average) == Approx(even - std::log2(1.1)).margin(1e-3));
  CHECK(open("sim:arrival-time?seed=1&encoding=bin&dnl=0.05")->info().claim.bits_per_sample ==
        Approx(7.75).margin(0.1));  // the sheet's 7.792 is for its own draw of the steps
}

TEST_CASE("arrival times follow their law both ways, and who knows dark counts and jitter guesses as the claim says") {
  for (const char* const uri :
       {"sim:arrival-time?seed=1", "sim:arrival-time?seed=2&rate=12.5&jitter=0", "sim:arrival-time?seed=3&encoding=bin",
        "sim:arrival-time?seed=1&encoding=bin&window=1&bits=6&dark=10000&dnl=0.05",
        "sim:arrival-time?seed=5&encoding=compare&dark=2000", "sim:arrival-time?seed=7&bits=12&rate=10",
        "sim:arrival-time?seed=6&encoding=parity&window=1&dark=100000&dead=0",
        "sim:arrival-time?seed=8&encoding=parity&window=5&dead=500", "sim:arrival-time?seed=9&jitter=6&bits=4&rate=20",
        "sim:arrival-time?seed=10&encoding=bin&window=1&jitter=20"}) {
    INFO(uri);
    CHECK(chi_square_deviations(samples_of(uri, 1'000'000), law_of(uri)) < 4);
    const ExplainedSamples all = explained(uri, 2'000'000);
    CHECK(chi_square_deviations(all.samples, law_of(uri)) < 4);
    CHECK(all.analytic.claim <= all.guessed_min_entropy() + all.error());
    // Uneven steps, and jitter as long as the steps, are allowed for with a bound.
    const bool rough =
        std::string(uri).find("jitter=") != std::string::npos || std::string(uri).find("dnl=") != std::string::npos;
    CHECK(all.guessed_min_entropy() ==
          Approx(all.analytic.entropy.average_conditional).margin((rough ? 0.1 : 0.01) + all.error() / 2));
    CHECK(plug_in_min_entropy(all.samples) < all.analytic.entropy.marginal + 0.02);
    CHECK(plug_in_min_entropy(all.samples) > all.analytic.entropy.marginal - 0.12);
  }
}

TEST_CASE("comparing two intervals: jitter that is known makes one the longer, no more than the claim allows") {
  // The naive twin: both jitters drawn, both intervals counted out step by step.
  for (const double jitter : {0.3, 2.0, 8.0}) {
    const ArrivalTimeModel model{
        .encoding = ArrivalTimeModel::Encoding::compare, .rate = 25, .dark = 0, .jitter = jitter};
    Dice dice(Keystream("brute force", 1, 0));
    double right = 0;
    double valid = 0;
    constexpr int lowest = -40;
    constexpr int steps = 300;
    for (int draw = 0; draw < 4000; ++draw) {
      const auto counts = [&] {
        const double late = jitter / 4 * dice.normal();
        std::vector<double> p;
        for (int k = lowest; k < steps; ++k) {
          const auto below = [&](double t) { return t <= 0 ? 0 : -std::expm1(-0.1 * t); };
          p.push_back(below(k + 1 - late) - below(k - late));
        }
        return p;
      };
      const auto a = counts();
      const auto b = counts();
      double a_more = 0;
      double b_more = 0;
      double a_below = 0;
      double b_below = 0;
      for (std::size_t k = 0; k < a.size(); ++k) {
        a_more += a[k] * b_below;
        b_more += b[k] * a_below;
        a_below += a[k];
        b_below += b[k];
      }
      right += std::max(a_more, b_more);
      valid += a_more + b_more;
    }
    INFO(jitter);
    CHECK(model.guess().average >= right / valid - 1e-4);
    CHECK(model.guess().average < 0.5 + 2.5 * (right / valid - 0.5) + 0.01);
  }
}

TEST_CASE("a clock that runs on ties neighbours together, and the last place is worth something to the adversary") {
  const std::string fast = "sim:arrival-time?seed=1&clock=free&dark=0&jitter=0&dead=0&bits=12&rate=";
  CHECK(correlation(samples_of(fast + "50", 4'000'000), 1) == Approx(-0.0033).margin(0.0015));
  // -(1/12) / (1 / (L tau)^2 + 1/6)
  CHECK(correlation(samples_of(fast + "100", 4'000'000), 1) == Approx(-0.0130).margin(0.0015));
  for (const char* const uri :
       {"sim:arrival-time?seed=1&clock=free&rate=50", "sim:arrival-time?seed=2&clock=free&rate=100&bits=4",
        "sim:arrival-time?seed=3&clock=free&rate=20&dead=0"}) {
    INFO(uri);
    const ExplainedSamples all = explained(uri, 2'000'000);
    CHECK(all.guessed_min_entropy() == Approx(all.analytic.entropy.average_conditional).margin(0.01));
    CHECK(all.analytic.entropy.average_conditional < all.analytic.entropy.marginal);
    CHECK(all.analytic.claim <= all.guessed_min_entropy() + all.error());
    CHECK(all.analytic.claim <= all.run_min_entropy(1, 4) + 0.01);
    CHECK(all.analytic.claim == all.analytic.entropy.worst_case_conditional);
  }
}

TEST_CASE("arrival-time's faults do what they say") {
  const auto mean = [](const std::string& fault) {
    double sum = 0;
    for (const std::uint16_t code : samples_of("sim:arrival-time?seed=1&bits=12&rate=10&fault=" + fault, 100'000))
      sum += code;
    return sum / 100'000;
  };
  const double healthy = mean("none");
  CHECK(healthy == Approx(35.75).margin(0.5));
  CHECK(mean("power_drift@0") == Approx(23.25).margin(0.3));
  CHECK(mean("afterpulse_rise@0:size=0.5") < healthy - 8);
  const auto clocked = samples_of("sim:arrival-time?seed=1&jitter=0&fault=injected_clock@0", 10'000);
  CHECK(std::count(clocked.begin(), clocked.end(), 64) > 4500);
  CHECK(explained("sim:arrival-time?seed=1&fault=led_off@0", 2000).guessed_min_entropy() == 0);
  const auto silent = open("sim:arrival-time?seed=1&dark=0&fault=hv_loss@100");
  silent->start({});
  std::vector<std::byte> bytes(1000);
  CHECK(silent->read(bytes, {}).bytes == 100);
  CHECK(silent->read(bytes, {}).state == ReadState::timeout);
  CHECK_THAT(refusal_of("sim:arrival-time?rate=-1"), Catch::Contains("rate=-1") && Catch::Contains("from 0 to 10000"));
  CHECK_THAT(refusal_of("sim:arrival-time?encoding=bins"), Catch::Contains("did you mean bin"));
  CHECK_THAT(refusal_of("sim:arrival-time?clock=free&encoding=bin"), Catch::Contains("clock=free"));
  CHECK_THAT(refusal_of("sim:arrival-time?rate=0&dark=0"), Catch::Contains("rate=0"));
}

TEST_CASE("Arrival time: a detector that fires without end in its period gives no sample, and says so in time") {
  SourceRegistry registry;
  add_models(registry);
  const auto source =
      registry.open("sim:arrival-time?encoding=parity&rate=2e-9&dark=0&dead=0&window=1000&fault=light_leak:size=1000");
  source->start(Patience{});
  std::vector<std::byte> room(1);
  CHECK(source->read(room, Patience{}).state != ReadState::ok);
}

TEST_CASE("Arrival time: where a sample takes a million detections and more, draws end after some, at whole bytes") {
  SourceUri uri = SourceUri::parse("sim:arrival-time?encoding=parity&window=1000&dead=0");
  const ModelKind kind = arrival_time_kind();
  const auto model = kind.make(Parameters::take(uri, kind.parameters), 1);
  const auto leak = std::ranges::find(kind.faults, "light_leak", &FaultKind::name);
  REQUIRE(leak != kind.faults.end());
  Strengths strengths{};
  strengths[static_cast<std::size_t>(leak - kind.faults.begin())] = 1500;  // of light's, in a period of a millisecond
  Dice dice(Keystream("test", 1, 0));
  model->restart(dice);
  std::vector<std::uint16_t> codes(64);
  CHECK(model->draw(dice, strengths, codes, {}) == 8);
}
