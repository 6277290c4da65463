#include "stats/health/gate.h"

#include <catch2/catch.hpp>
#include <random>
#include <vector>

#include "core/error.h"
#include "stats/health/cutoffs.h"

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

std::span<const std::byte> bytes_of(const std::vector<std::uint8_t>& x) {
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
    health::RepetitionCount repetition(naive.rct);
    const health::AdaptiveProportion proportion(naive.window, naive.apt);
    std::optional<std::size_t> found_repetition;
    std::optional<std::size_t> found_proportion;
    for (std::size_t at = 0; at < x.size();) {
      const std::size_t size = std::min<std::size_t>(64 * (1 + random() % 4), x.size() - at);
      const auto part = std::span<const std::uint8_t>(x).subspan(at, size);
      if (const auto i = repetition.find_failure(part); i && !found_repetition) found_repetition = at + *i;
      if (const auto i = proportion.find_failure(part); i && !found_proportion) found_proportion = at + *i;
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
  CHECK(!gate.admit(bytes_of(noise(512))));  // nothing before the start-up test
  CHECK_THROWS_AS(gate.start_up(bytes_of(noise(1023))), Error);
  CHECK(gate.start_up(bytes_of(noise(1024))));
  CHECK_THROWS_AS(gate.start_up(bytes_of(noise(1024))), Error);
  CHECK_THROWS_AS(gate.admit(bytes_of(noise(100))), Error);
  CHECK(gate.admit(bytes_of(noise(2048))));
  CHECK(gate.admitted() == 2048);

  auto sick = noise(1024);
  std::fill(sick.begin() + 700, sick.begin() + 706, std::uint8_t{9});  // six in a row: the cut-off
  CHECK(!gate.admit(bytes_of(sick)));
  REQUIRE(gate.alarm());
  CHECK(gate.alarm()->test == "repetition-count");
  CHECK(gate.alarm()->sample == 1024 + 2048 + 705);
  CHECK(!gate.admit(bytes_of(noise(512))));  // latched, healthy or not
  CHECK(gate.evidence()["alarm"]["sample"] == 1024 + 2048 + 705);

  gate.restart();
  CHECK(!gate.alarm());
  CHECK(!gate.admit(bytes_of(noise(512))));
  CHECK(gate.start_up(bytes_of(noise(1024))));
  CHECK(gate.admit(bytes_of(noise(512))));
}

TEST_CASE("a failed start-up test admits nothing") {
  HealthGate gate({.format = {8, 8}, .min_entropy = 6.369, .start_up_samples = 1024});
  CHECK(!gate.start_up(bytes_of(std::vector<std::uint8_t>(1024, 7))));
  CHECK(gate.alarm()->at_start_up);
  CHECK(!gate.admit(bytes_of(std::vector<std::uint8_t>(512, 1))));
}

TEST_CASE("the adaptive proportion test finds a value that is common but never repeated") {
  HealthGate gate({.format = {8, 8}, .min_entropy = 6.369, .start_up_samples = 1024});
  std::vector<std::uint8_t> x(1024);
  std::mt19937 random(5);
  for (auto& sample : x)
    sample = static_cast<std::uint8_t>(random());
  REQUIRE(gate.start_up(bytes_of(x)));
  for (std::size_t i = 512; i < 512 + 2 * 27; i += 2)
    x[i] = 77;  // 27 times, never twice in a row
  for (std::size_t i = 513; i < 1024; ++i) {
    if (i % 2 == 1 && x[i] == 77) x[i] = 78;
  }
  CHECK(!gate.admit(bytes_of(x)));
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
  CHECK(bits.start_up(bytes_of(x)));
  std::fill(x.begin() + 10, x.begin() + 16, std::uint8_t{0});  // 48 equal bits
  CHECK(!bits.admit(bytes_of(x)));

  HealthGate wide({.format = {12, 16}, .min_entropy = 9, .start_up_samples = 1024});
  CHECK(wide.window_bytes() == 1024);
}

TEST_CASE("a gate refuses a claim or a start-up that cannot be") {
  CHECK_THROWS_AS(HealthGate({.format = {8, 8}, .min_entropy = 0}), Error);
  CHECK_THROWS_AS(HealthGate({.format = {8, 8}, .min_entropy = 6, .start_up_samples = 1023}), Error);
}
