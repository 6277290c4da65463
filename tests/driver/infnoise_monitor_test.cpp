// SPDX-License-Identifier: Apache-2.0
#include "driver/devices/infnoise/noise_monitor.h"

#include <array>
#include <catch2/catch.hpp>
#include <cmath>
#include <deque>
#include <map>

#include "driver/devices/infnoise/infnoise.h"
#include "driver/devices/infnoise/loop_gain.h"
#include "tests/emulated/infnoise/emulated_infnoise.h"

using namespace lightseed;
using namespace lightseed::emulated;
using infnoise::faults_of_loop_gain;
using infnoise::LoopEntropy;
using infnoise::LoopGain;
using infnoise::NoiseMonitor;

namespace {

/// Feeds rounds of the model to a monitor, and counts the good ones.
int feed(NoiseMonitor& monitor, EmulatedInfNoise& noise, int rounds) {
  int good = 0;
  for (int i = 0; i < rounds; ++i)
    good += monitor.feed(noise.clock(infnoise_pattern())) ? 1 : 0;
  return good;
}

/// The monitor's surprise, by words instead of tables.
double naive_surprise(const std::deque<unsigned>& before, unsigned phase, unsigned bit,
                      std::map<std::string, std::array<double, 2>>& seen) {
  std::string history(1, static_cast<char>('0' + phase));
  for (const unsigned old : before)
    history += static_cast<char>('0' + old);
  auto& far = seen["L" + history];
  auto& near = seen["S" + history.substr(0, 1) + history.substr(history.size() - 6)];
  const double rough = (near[bit] + 0.5) / (near[0] + near[1] + 1);
  const double p = (far[bit] + 16 * rough) / (far[0] + far[1] + 16);
  near[bit] += 1;
  far[bit] += 1;
  return -std::log2(p);
}

/// Raw bits of so many rounds of the model, a sample each, as a gate sees them.
std::vector<std::uint16_t> bits_of(EmulatedInfNoise& noise, int rounds) {
  std::vector<std::uint16_t> bits;
  std::array<std::byte, infnoise::round_samples / 8> raw{};
  for (int round = 0; round < rounds; ++round) {
    infnoise::raw_bits(noise.clock(infnoise_pattern()), raw);
    for (const std::byte byte : raw)
      for (unsigned i = 0; i < 8; ++i)
        bits.push_back(std::to_integer<unsigned>(byte) >> (7 - i) & 1U);
  }
  return bits;
}

std::optional<health::Failure> shown(LoopGain& test, EmulatedInfNoise& noise, int rounds) {
  const std::vector<std::uint16_t> bits = bits_of(noise, rounds);
  return test.feed(health::Samples(std::span<const std::uint16_t>(bits)));
}

}  // namespace

TEST_CASE("The monitor adds up the surprise of each bit as a naive twin does") {
  EmulatedInfNoise noise(3);
  NoiseMonitor monitor;
  std::map<std::string, std::array<double, 2>> seen;
  std::deque<unsigned> before(14, 0);
  double surprise = 0;
  for (int round = 0; round < 20; ++round) {
    const Bytes samples = noise.clock(infnoise_pattern());
    (void)monitor.feed(samples);
    for (unsigned j = 0; j < samples.size(); ++j) {
      const unsigned pins = std::to_integer<unsigned>(samples[j]);
      const unsigned bit = j % 2 == 0 ? pins >> 1U & 1U : pins >> 4U & 1U;
      surprise += naive_surprise(before, j % 2, bit, seen);
      before.pop_front();
      before.push_back(bit);
    }
  }
  CHECK(monitor.entropy() == Approx(surprise / (20 * 512)).epsilon(1e-9));
}

TEST_CASE("The monitor finds the gain of a loop that is well, and keeps its rounds") {
  const unsigned seed = GENERATE(1U, 2U, 3U);
  EmulatedInfNoise noise(seed);
  NoiseMonitor monitor;
  feed(monitor, noise, 156);
  CHECK_FALSE(monitor.warm());
  feed(monitor, noise, 1);
  CHECK(monitor.warm());
  int good = 0;
  for (int i = 0; i < 50; ++i) {
    good += feed(monitor, noise, 20);
    REQUIRE_FALSE(monitor.fault());
  }
  CHECK(good == 1000);
  CHECK(monitor.entropy() - std::log2(1.84) == Approx(LoopEntropy::excess).margin(0.004));
  CHECK(monitor.evidence().at("misfires") == 0);
}

TEST_CASE("The monitor's window is the maker's: 3 % of log2 1.84 both ways") {
  const auto [gain, well] = GENERATE(table<double, bool>({{1.79, false}, {1.82, true}, {1.86, true}, {1.89, false}}));
  EmulatedInfNoise noise(6);
  noise.gain = gain;
  NoiseMonitor monitor;
  feed(monitor, noise, 1000);
  INFO(gain);
  CHECK(monitor.fault().has_value() == !well);
}

TEST_CASE("The monitor raises its alarm for every way a loop can fail") {
  EmulatedInfNoise noise(5);
  NoiseMonitor monitor;
  feed(monitor, noise, 200);
  REQUIRE_FALSE(monitor.fault());
  SECTION("a gain too low") {
    noise.gain = 1.75;
    feed(monitor, noise, 800);
    REQUIRE(monitor.fault());
    CHECK(monitor.fault()->find("gain") != std::string::npos);
  }
  SECTION("a gain too high: more entropy than the loop can make is another circuit") {
    noise.gain = 1.93;
    feed(monitor, noise, 300);
    REQUIRE(monitor.fault());
    CHECK(monitor.fault()->find("gain") != std::string::npos);
  }
  SECTION("one comparator stuck") {
    noise.stuck = true;
    CHECK(feed(monitor, noise, 40) < 4);  // the first surprise
    CHECK(monitor.fault());
  }
  SECTION("both stuck: 21 equal bits are one too many") {
    noise.stuck = false;
    noise.all_stuck = true;
    CHECK_FALSE(monitor.feed(noise.clock(infnoise_pattern())));
    REQUIRE(monitor.fault());
    CHECK(monitor.fault()->find("in a row") != std::string::npos);
  }
  SECTION("comparators that move out of turn") {
    noise.misfires = 0.2;
    feed(monitor, noise, 200);
    REQUIRE(monitor.fault());
    CHECK(monitor.fault()->find("out of turn") != std::string::npos);
  }
}

TEST_CASE("The gate's test measures the gain on the samples themselves, and a verifier reads it") {
  EmulatedInfNoise noise(8);
  LoopGain test;
  CHECK_FALSE(shown(test, noise, 400));
  const HealthTestRecord honest = test.record();
  CHECK(honest.readings.at("bits") == 400 * 512);
  CHECK(honest.readings.at("gain").get<double>() == Approx(1.84).epsilon(0.01));
  CHECK(faults_of_loop_gain(honest) == std::vector<std::string>{});
  const std::pair<const char*, void (*)(HealthTestRecord&)> lies[] = {
      {"another window", [](HealthTestRecord& r) { r.window = 1; }},
      {"a rate", [](HealthTestRecord& r) { r.alpha_log2 = -30; }},
      {"a cut-off", [](HealthTestRecord& r) { r.cutoff = 3; }},
      {"too few bits", [](HealthTestRecord& r) { r.readings["bits"] = 79'999; }},
      {"a long run", [](HealthTestRecord& r) { r.readings["longest_run"] = 21; }},
      {"another gain", [](HealthTestRecord& r) { r.readings["gain"] = 1.85; }},
      {"a low gain", [](HealthTestRecord& r) { r.readings["entropy_per_bit"] = 0.8, r.readings["gain"] = 1.73; }}};
  for (const auto& [what, lie] : lies) {
    CAPTURE(what);
    HealthTestRecord told = honest;
    lie(told);
    CHECK(faults_of_loop_gain(told) != std::vector<std::string>{});
  }
  SECTION("a gain too low ends it") {
    noise.gain = 1.75;
    const auto failure = shown(test, noise, 800);
    REQUIRE(failure);
    CHECK(failure->words.find("gain") != std::string::npos);
    test.restart();
    noise.gain = 1.84;
    CHECK_FALSE(shown(test, noise, 400));
  }
  SECTION("21 equal bits in a row end it") {
    noise.stuck = false;
    noise.all_stuck = true;
    const auto failure = shown(test, noise, 1);
    REQUIRE(failure);
    CHECK(failure->words.find("in a row") != std::string::npos);
  }
}

TEST_CASE("A round whose samples have slipped by one is not good") {
  EmulatedInfNoise noise(5);
  NoiseMonitor monitor;
  CHECK(feed(monitor, noise, 200) > 0);
  Bytes samples = noise.clock(infnoise_pattern());
  samples.insert(samples.begin() + 256, samples[256]);
  samples.pop_back();
  CHECK_FALSE(monitor.feed(samples));
  CHECK_FALSE(monitor.fault());
}
