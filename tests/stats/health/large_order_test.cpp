// SPDX-License-Identifier: Apache-2.0
// What a long run of a healthy source meets at the real gate, and what a sick one does.
#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <functional>
#include <numbers>
#include <random>

#include "stats/health/gate.h"
#include "stats/health/record_faults.h"

using namespace lightseed;
using namespace lightseed::health;

namespace {

using Fill = std::function<void(std::span<std::uint8_t>)>;

/// Runs the gate as a reader does: blocks, and after an alarm the start-up test again, until `samples` were admitted or
/// the failure is persistent.
class Run {
 public:
  explicit Run(const GateSettings& settings, std::size_t block = 1 << 16)
      : gate(settings), block_(block), start_(gate.start_up_bytes()) {}

  HealthGate gate;
  std::uint64_t looked_at = 0;

  bool start_up(const Fill& fill) {
    while (true) {
      fill(start_);
      looked_at += start_.size();
      if (gate.start_up(std::as_bytes(std::span(start_)))) return true;
      if (gate.persistent()) return false;
      gate.restart();
    }
  }

  bool go_on(const Fill& fill, std::uint64_t samples) {
    for (const std::uint64_t end = gate.admitted() + samples; gate.admitted() < end;) {
      fill(block_);
      looked_at += block_.size();
      if (gate.admit(std::as_bytes(std::span(block_)))) continue;
      gate.discard(0, block_.size());
      if (gate.persistent()) return false;
      gate.restart();
      if (!start_up(fill)) return false;
    }
    return true;
  }

 private:
  std::vector<std::uint8_t> block_, start_;
};

/// Uniform over `symbols` values, a power of two: the min-entropy is its logarithm, and both tests' bounds are met.
Fill uniform(unsigned symbols, std::uint64_t seed) {
  return [mask = 0x0101'0101'0101'0101U * (symbols - 1), state = seed](std::span<std::uint8_t> out) mutable {
    for (std::size_t i = 0; i < out.size(); i += 8) {
      // SplitMix64
      std::uint64_t z = state += 0x9E37'79B9'7F4A'7C15U;
      z = (z ^ z >> 30U) * 0xBF58'476D'1CE4'E5B9U;
      z = (z ^ z >> 27U) * 0x94D0'49BB'1331'11EBU;
      z = (z ^ z >> 31U) & mask;
      std::copy_n(static_cast<const std::uint8_t*>(static_cast<const void*>(&z)), 8, &out[i]);
    }
  };
}

/// Codes of the photonics sheet's homodyne detector: 8 bits over [-R, R], R = 3.881 deviations of the quantum noise.
std::uint8_t code_of(double x) {
  const double step = 3.881 / 128;
  return static_cast<std::uint8_t>(std::clamp(std::floor(x / step + 0.5), -128.0, 127.0) + 128);
}

/// Gaussian noise of a given deviation; that of a healthy detector 10 dB above its classical noise is 1.0488.
Fill gaussian(double deviation, double offset = 0) {
  return [=, random = std::mt19937_64(4),
          normal = std::normal_distribution<double>()](std::span<std::uint8_t> out) mutable {
    for (auto& code : out)
      code = code_of(offset + deviation * normal(random));
  };
}

constexpr double classical = 0.31623, healthy = 1.04881;

}  // namespace

TEST_CASE("a healthy source's alarms come as often as computed, and every one of them is survived") {
  struct Case {
    unsigned symbols;
    double alpha;
    std::uint64_t samples;
  };
  // At 2^-20 and below the repetition count speaks; at 2^-10, with many symbols, the adaptive proportion test as well.
  for (const auto& [symbols, alpha, samples] :
       {Case{16, -20, 1ULL << 27U}, {4, -20, 1ULL << 26U}, {256, -10, 1 << 23}}) {
    Run run({.format = {8, 8}, .min_entropy = std::log2(symbols), .alpha_log2 = alpha}, alpha > -20 ? 2048 : 1 << 16);
    const Fill fill = uniform(symbols, 9 + symbols);
    REQUIRE(run.start_up(fill));
    REQUIRE(run.go_on(fill, samples));
    const HealthRecord record = run.gate.evidence();
    const double p = 1.0 / symbols;
    double expected[2], seen[2];
    for (std::size_t i = 0; i < 2; ++i) {
      const HealthTestRecord& test = record.tests[i];
      expected[i] = std::exp2(*test.alpha_log2) / static_cast<double>(test.window) * static_cast<double>(run.looked_at);
      seen[i] = static_cast<double>(std::count_if(record.alarms.begin(), record.alarms.end(),
                                                  [&](const HealthAlarm& alarm) { return alarm.test == test.id; }));
    }
    // A run is counted where it begins: the symbol before must be another.
    expected[0] *= 1 - p;
    CAPTURE(symbols, alpha, expected[0], seen[0], expected[1], seen[1]);
    CHECK(seen[0] + seen[1] > 30);
    // Blocks that are dropped take some samples with them that were never looked at.
    for (std::size_t i = 0; i < 2; ++i)
      CHECK(std::abs(seen[i] - expected[i]) < 5 * std::sqrt(expected[i]) + 0.03 * expected[i] + 1);
    CHECK(record.samples_admitted >= samples);
    CHECK(record.running);
    if (alpha <= -20) CHECK(faults_of(record, std::log2(symbols), {8, 8}).empty());
  }
}

TEST_CASE("what the two tests can see of a detector's faults ends the run soon, at every alpha") {
  std::uint8_t last = 0;
  unsigned phase = 0;
  const std::tuple<const char*, Fill, std::uint64_t> faults[] = {
      {"the converter is stuck", [&](std::span<std::uint8_t> out) { std::fill(out.begin(), out.end(), last); },
       1 << 17},
      {"dead: the middle code", [](std::span<std::uint8_t> out) { std::fill(out.begin(), out.end(), 128); }, 1 << 17},
      {"two codes in turn",
       [&](std::span<std::uint8_t> out) {
         for (auto& code : out)
           code = ++phase % 2 == 0 ? 85 : 170;
       },
       1 << 17},
      {"biased into saturation", gaussian(healthy, 3.881), 1 << 17},
      {"gain times four", gaussian(4 * healthy), 1 << 17},
      {"laser off, no automatic gain", gaussian(classical), 1 << 22},
      {"a tone instead of noise",
       [&](std::span<std::uint8_t> out) {
         for (auto& code : out)
           code = code_of(0.8915 * std::sin(2 * std::numbers::pi * 0.0618034 * ++phase));
       },
       1 << 18}};
  for (const double alpha : {-20.0, -30.0, -40.0}) {
    for (const auto& [what, fault, limit] : faults) {
      CAPTURE(what, alpha);
      Run run({.format = {8, 8}, .min_entropy = 6.369, .alpha_log2 = alpha});
      REQUIRE(run.start_up(gaussian(healthy)));
      REQUIRE(run.go_on(gaussian(healthy), 1 << 20));
      last = 77;
      const std::uint64_t before = run.looked_at;
      CHECK_FALSE(run.go_on(fault, limit));
      CHECK(run.looked_at - before < limit);
      HealthRecord record = run.gate.evidence();
      CHECK(faults_of(record, 6.369, {8, 8}).empty());
      CHECK_FALSE(record.running);
      record.running = true;
      ++record.start_up_tests_passed;
      CHECK_FALSE(faults_of(record, 6.369, {8, 8}).empty());
      // And it does not start.
      Run fresh({.format = {8, 8}, .min_entropy = 6.369, .alpha_log2 = alpha});
      CHECK_FALSE((fresh.start_up(fault) && fresh.go_on(fault, limit)));
    }
  }
}

TEST_CASE("a large order through the real gate: LIGHTSEED_ORDER_SAMPLES healthy samples", "[.campaign]") {
  const char* const text = std::getenv("LIGHTSEED_ORDER_SAMPLES");
  const std::uint64_t samples = text != nullptr ? std::strtoull(text, nullptr, 10) : 1'000'000'000;
  const char* const forced = std::getenv("LIGHTSEED_ORDER_ALPHA_LOG2");
  const double alpha = forced != nullptr && *forced != 0 ? std::strtod(forced, nullptr) : alpha_log2_for(samples);
  Run run({.format = {8, 8}, .min_entropy = 6, .alpha_log2 = alpha});
  const Fill fill = uniform(64, 1);
  const bool kept = run.start_up(fill) && run.go_on(fill, samples);
  const HealthRecord record = run.gate.evidence();
  WARN("alpha 2^" << alpha << ", " << record.samples_admitted << " samples admitted, " << record.alarms.size()
                  << " alarms (" << false_alarms_per_sample(record.tests) * static_cast<double>(run.looked_at)
                  << " expected at most), " << record.start_up_tests_passed << " start-up tests, batch "
                  << (kept ? "kept" : "LOST"));
  CHECK(kept);
}
