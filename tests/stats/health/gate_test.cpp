// SPDX-License-Identifier: Apache-2.0
#include "stats/health/gate.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <memory>
#include <random>
#include <vector>

#include "core/error.h"
#include "stats/health/adaptive_proportion.h"
#include "stats/health/repetition_count.h"

using namespace lightseed;
using health::GateSettings;
using health::HealthGate;

namespace {

/// The standard's algorithms, word for word (SP 800-90B 4.4.1 and 4.4.2), over a whole stream.
struct Naive {
  std::uint32_t rct, apt, window;

  std::optional<std::size_t> repetition(const std::vector<std::uint8_t>& x) const {
    std::uint32_t b = 1;
    for (std::size_t i = 1; i < x.size(); ++i) {
      b = x[i] == x[i - 1] ? b + 1 : 1;
      if (b >= rct) return i;
    }
    return std::nullopt;
  }
  std::optional<std::size_t> proportion(const std::vector<std::uint8_t>& x) const {
    for (std::size_t start = 0; start + window <= x.size(); start += window) {
      std::uint32_t b = 1;
      for (std::size_t i = 1; i < window; ++i) {
        if (x[start + i] == x[start] && ++b >= apt) return start + i;
      }
    }
    return std::nullopt;
  }
};

std::span<const std::byte> raw(const std::vector<std::uint8_t>& x) {
  return std::as_bytes(std::span(x));
}

}  // namespace

TEST_CASE("both tests find the same sample as the standard's text, however the stream is cut") {
  std::minstd_rand generator(11);
  const auto random = [&] { return static_cast<std::uint32_t>(generator() >> 8); };
  int repetitions = 0;
  int proportions = 0;
  for (int round = 0; round < 600; ++round) {
    // Few symbols and long runs, so that both alarms come often.
    const unsigned symbols = 2 + random() % 6;
    const unsigned stickiness = random() % 12;
    std::vector<std::uint8_t> x(64 * 30);
    for (std::size_t i = 0; i < x.size(); ++i) {
      x[i] = i > 0 && random() % 12 < stickiness ? x[i - 1] : static_cast<std::uint8_t>(random() % symbols);
    }
    const Naive naive{2 + random() % 90, 3 + random() % 62, 64};
    health::RepetitionCount repetition(naive.rct, -30);
    health::AdaptiveProportion proportion(naive.window, naive.apt, -30);
    std::optional<std::size_t> found_repetition;
    std::optional<std::size_t> found_proportion;
    for (std::size_t at = 0; at < x.size();) {
      const std::size_t size = std::min<std::size_t>(64 * (1 + random() % 4), x.size() - at);
      const auto part = std::span<const std::uint8_t>(x).subspan(at, size);
      if (const auto i = repetition.feed(part); i && !found_repetition) found_repetition = at + i->index;
      if (const auto i = proportion.feed(part); i && !found_proportion) found_proportion = at + i->index;
      if (found_repetition) break;  // after an alarm the gate is latched: nothing more is asked
      at += size;
    }
    if (const auto expected = naive.repetition(x)) {
      REQUIRE(found_repetition == expected);
      ++repetitions;
    } else {
      REQUIRE(!found_repetition);
      REQUIRE(found_proportion == naive.proportion(x));
      proportions += found_proportion ? 1 : 0;
    }
  }
  CHECK(repetitions > 100);
  CHECK(proportions > 20);
}

TEST_CASE("a gate: start-up first, then whole windows, then a latched alarm until a restart") {
  HealthGate gate({.format = {8, 8}, .min_entropy = 6.369, .start_up_samples = 1024});
  std::mt19937 random(3);
  const auto noise = [&](std::size_t count) {
    std::vector<std::uint8_t> x(count);
    for (auto& sample : x)
      sample = static_cast<std::uint8_t>(random());
    return x;
  };
  CHECK(gate.start_up_bytes() == 1024);
  CHECK(gate.window_bytes() == 512);
  CHECK(!gate.admit(raw(noise(512))));  // nothing before the start-up test
  CHECK_THROWS_AS(gate.start_up(raw(noise(1023))), Error);
  CHECK(gate.start_up(raw(noise(1024))));
  CHECK_THROWS_AS(gate.start_up(raw(noise(1024))), Error);
  CHECK_THROWS_AS(gate.admit(raw(noise(100))), Error);
  CHECK(gate.admit(raw(noise(2048))));
  CHECK(gate.admitted() == 2048);

  auto sick = noise(1024);
  std::fill(sick.begin() + 700, sick.begin() + 706, std::uint8_t{9});  // six in a row: the cut-off
  CHECK(!gate.admit(raw(sick)));
  REQUIRE(gate.alarm());
  CHECK(gate.alarm()->test == "repetition-count");
  CHECK(gate.alarm()->sample == 1024 + 2048 + 705);
  CHECK(!gate.admit(raw(noise(512))));  // latched, healthy or not
  CHECK(health::describe(*gate.alarm()) == "repetition-count: a value came 6 times in a row, at sample 3777");
  CHECK_FALSE(gate.evidence().running);
  CHECK_FALSE(gate.persistent());

  gate.restart();
  CHECK(!gate.alarm());
  CHECK(!gate.admit(raw(noise(512))));
  CHECK(gate.start_up(raw(noise(1024))));
  CHECK(gate.admit(raw(noise(512))));
  const HealthRecord record = gate.evidence();
  CHECK(record.running);
  CHECK(record.start_up_tests_passed == 2);
  REQUIRE(record.alarms.size() == 1);
  CHECK(record.alarms[0].sample == 1024 + 2048 + 705);
  CHECK_FALSE(record.alarms[0].at_start_up);
  CHECK(record.samples_admitted == 2048 + 512);
}

namespace {

/// Fails at samples that are 255, judged 96 at a time, and wants 5000 samples first.
class No255 final : public health::HealthTest {
 public:
  [[nodiscard]] std::size_t window() const noexcept override { return 96; }
  [[nodiscard]] std::size_t start_up_samples() const noexcept override { return 5000; }
  void restart() override { ++restarts_; }
  [[nodiscard]] std::optional<health::Failure> feed(const health::Samples& samples) override {
    return std::visit(
        [](auto span) -> std::optional<health::Failure> {
          CHECK(span.size() % 96 == 0);
          const auto found = std::find(span.begin(), span.end(), 255);
          if (found == span.end()) return std::nullopt;
          return health::Failure{static_cast<std::size_t>(found - span.begin()), "a 255 came"};
        },
        samples);
  }
  [[nodiscard]] HealthTestRecord record() const override {
    return {.id = "no-255", .window = 96, .readings = {{"restarts", restarts_}}};
  }

 private:
  int restarts_ = 0;
};

std::vector<std::unique_ptr<health::HealthTest>> no_255() {
  std::vector<std::unique_ptr<health::HealthTest>> monitors;
  monitors.push_back(std::make_unique<No255>());
  return monitors;
}

}  // namespace

TEST_CASE("a source's own monitor sits in the gate like the standard's tests") {
  for (const SampleFormat format : {SampleFormat{8, 8}, SampleFormat{12, 16}}) {
    HealthGate gate({.format = format, .min_entropy = 6}, no_255());
    CHECK(gate.window_bytes() == format.bytes_for(1536));  // whole windows of 512 and of 96
    CHECK(gate.start_up_bytes() == format.bytes_for(6144));
    std::mt19937 random(3);
    const auto noise = [&](std::size_t bytes) {
      std::vector<std::uint8_t> x(bytes);
      for (std::size_t i = 0; i < bytes; ++i)
        x[i] = format.container_bits == 16 && i % 2 == 1 ? 0 : static_cast<std::uint8_t>(random() % 255);
      return x;
    };
    CHECK(gate.start_up(raw(noise(gate.start_up_bytes()))));
    auto sick = noise(gate.window_bytes());
    sick[format.bytes_for(700)] = 255;
    CHECK_FALSE(gate.admit(raw(sick)));
    REQUIRE(gate.alarm());
    CHECK(health::describe(*gate.alarm()) == "no-255: a 255 came, at sample 6844");
    gate.restart();
    CHECK(gate.evidence().tests.at(2).readings.at("restarts") == 1);
  }
}

TEST_CASE("of two tests that fail, the earlier sample is the alarm") {
  HealthGate gate({.format = {8, 8}, .min_entropy = 6}, no_255());
  std::vector<std::uint8_t> x(gate.start_up_bytes());
  std::mt19937 random(3);
  for (auto& sample : x)
    sample = static_cast<std::uint8_t>(random() % 255);
  std::fill(x.begin() + 100, x.begin() + 120, std::uint8_t{9});
  x[98] = 255;
  CHECK_FALSE(gate.start_up(raw(x)));
  CHECK(gate.alarm()->test == "no-255");
  gate.restart();
  x[98] = 3;
  x[200] = 255;
  CHECK_FALSE(gate.start_up(raw(x)));
  CHECK(gate.alarm()->test == "repetition-count");
}

TEST_CASE("a failed start-up test admits nothing") {
  HealthGate gate({.format = {8, 8}, .min_entropy = 6.369, .start_up_samples = 1024});
  CHECK(!gate.start_up(raw(std::vector<std::uint8_t>(1024, 7))));
  CHECK(gate.alarm()->at_start_up);
  CHECK(health::describe(*gate.alarm()).starts_with("start-up test, repetition-count: "));
  CHECK(!gate.admit(raw(std::vector<std::uint8_t>(512, 1))));
}

TEST_CASE("the adaptive proportion test finds a value that is common but never repeated") {
  HealthGate gate({.format = {8, 8}, .min_entropy = 6.369, .start_up_samples = 1024});
  std::vector<std::uint8_t> x(1024);
  std::mt19937 random(5);
  for (auto& sample : x)
    sample = static_cast<std::uint8_t>(random());
  REQUIRE(gate.start_up(raw(x)));
  for (std::size_t i = 512; i < 512 + 2 * 27; i += 2)
    x[i] = 77;  // 27 times, never twice in a row
  for (std::size_t i = 513; i < 1024; ++i) {
    if (i % 2 == 1 && x[i] == 77) x[i] = 78;
  }
  CHECK(!gate.admit(raw(x)));
  REQUIRE(gate.alarm());
  CHECK(gate.alarm()->test == "adaptive-proportion");
  CHECK(gate.alarm()->sample == 1024 + 512 + 52);
}

TEST_CASE("packed bits and wide samples go through the same tests") {
  HealthGate bits({.format = {1, 1}, .min_entropy = 0.9, .start_up_samples = 1024});
  CHECK(bits.window_bytes() == 128);
  std::mt19937 random(9);
  std::vector<std::uint8_t> x(128);
  for (auto& byte : x)
    byte = static_cast<std::uint8_t>(random());
  CHECK(bits.start_up(raw(x)));
  std::fill(x.begin() + 10, x.begin() + 16, std::uint8_t{0});  // 48 equal bits
  CHECK(!bits.admit(raw(x)));

  HealthGate wide({.format = {12, 16}, .min_entropy = 9, .start_up_samples = 1024});
  CHECK(wide.window_bytes() == 1024);
}

TEST_CASE("a gate refuses a claim or a start-up that cannot be") {
  CHECK_THROWS_AS(HealthGate({.format = {8, 8}, .min_entropy = 0}), Error);
  CHECK_THROWS_AS(HealthGate({.format = {8, 8}, .min_entropy = 6, .start_up_samples = 1023}), Error);
}
