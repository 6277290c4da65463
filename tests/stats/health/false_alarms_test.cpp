// SPDX-License-Identifier: Apache-2.0
#include "stats/health/false_alarms.h"

#include <catch2/catch.hpp>
#include <cmath>

#include "stats/health/gate.h"

using namespace lightseed;
using namespace lightseed::health;

TEST_CASE("alpha follows from the length of a run, within the standard's range") {
  CHECK(alpha_log2_for(0) == -20);
  CHECK(alpha_log2_for(1000) == -20);
  CHECK(alpha_log2_for(1025) == -21);
  CHECK(alpha_log2_for(1 << 20) == -30);
  CHECK(alpha_log2_for((1 << 20) + 1) == -31);
  CHECK(alpha_log2_for(1 << 30) == -40);
  CHECK(alpha_log2_for(~std::uint64_t{0}) == -40);
}

TEST_CASE("the chance of so many alarms is Poisson's tail") {
  for (const double mean : {1e-9, 1e-3, 0.5, 3.0, 40.0}) {
    for (const unsigned alarms : {1U, 2U, 5U, 30U, 64U}) {
      double tail = 0;
      for (unsigned k = alarms; k < alarms + 400; ++k)
        tail += std::exp(k * std::log(mean) - mean - std::lgamma(k + 1.0));
      CAPTURE(mean, alarms);
      if (tail > 1e-300) CHECK(chance_of_alarms_log2(mean, alarms) == Approx(std::log2(tail)).margin(1e-9));
    }
  }
  // 2^-300 samples a sample, 64 of them: below what a double holds, but not nothing.
  CHECK(chance_of_alarms_log2(std::exp2(-300), 64) == Approx(-64 * 300 - std::lgamma(65) / std::log(2.0)));
  CHECK(chance_of_alarms_log2(0, 1) < -1e300);
}

TEST_CASE("alarms far apart are intermittent, alarms close together or too many are persistent") {
  const double rate = std::exp2(-30);
  SECTION("one, then another as soon as chance allows") {
    AlarmHistory history(rate);
    CHECK_FALSE(history.add(1 << 20));
    CHECK_FALSE(history.add((1 << 20) + 4096));  // in the very next start-up test: once in 2^18
    CHECK(history.add((1 << 20) + 8192));        // and in the one after it: once in 2^35
    CHECK(history.persistent());
  }
  SECTION("as often as a healthy source, for ever") {
    AlarmHistory history(rate);
    for (std::uint64_t i = 1; i < 10'000; ++i)
      REQUIRE_FALSE(history.add(i << 30U));
  }
  SECTION("twice as often is noticed in the long run") {
    AlarmHistory history(rate);
    std::uint64_t alarms = 1;
    while (!history.add(alarms << 29U))
      ++alarms;
    CHECK(alarms < 200);
  }
  SECTION("a burst after a long good time is no better for it") {
    AlarmHistory history(rate);
    const std::uint64_t late = std::uint64_t{1} << 40U;
    CHECK_FALSE(history.add(late));
    CHECK_FALSE(history.add(late + 10'000));
    CHECK(history.add(late + 20'000));
  }
}

TEST_CASE("a hundred thousand million healthy samples: what chance there is to lose the batch") {
  // Each alarm is compared with 65 others at the most, and each comparison is wrong with 2^-30.
  const double planned = 1e11;
  const double alpha = alpha_log2_for(static_cast<std::uint64_t>(planned));
  for (const double claim : {0.01, 0.1, 0.5, 1.0, 2.0, 4.64, 6.369, 8.0, 10.0, 12.0, 15.35, 16.0}) {
    const SampleFormat format{claim <= 1 ? 1U : 16U, claim <= 1 ? 1U : 16U};
    const HealthGate gate({.format = format, .min_entropy = claim, .alpha_log2 = alpha});
    const double alarms = planned * false_alarms_per_sample(gate.evidence().tests);
    CAPTURE(claim, alarms);
    CHECK(alarms < 1);
    CHECK(alarms * 65 * std::exp2(AlarmHistory::persistent_log2) < std::exp2(-20));
    // The same for 2^-30, which was all there was: alarms come, and are survived.
    const HealthGate old({.format = format, .min_entropy = claim, .alpha_log2 = -30});
    CHECK(planned * false_alarms_per_sample(old.evidence().tests) * 65 * std::exp2(-30) < std::exp2(-15));
  }
}
