// SPDX-License-Identifier: Apache-2.0
#include "pipeline/gated_source.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <deque>
#include <random>

#include "core/error.h"
#include "stats/health/monitored.h"
#include "stats/health/record_faults.h"

using namespace lightseed;

namespace {

/// Says what the test wrote down, one Read after the other; every byte carries the number of the device's life.
class ScriptedReads final : public Source {
 public:
  explicit ScriptedReads(std::deque<ReadState> script) : script_(std::move(script)) {
    info_.uri = "scripted:";
    info_.format = {8, 8};
    info_.claim.bits_per_sample = 4;
  }

  [[nodiscard]] const SourceInfo& info() const noexcept override { return info_; }
  void start(const Patience&) override {}
  void stop() noexcept override {}

  [[nodiscard]] Read read(std::span<std::byte> out, const Patience&) override {
    const ReadState state = script_.empty() ? ReadState::ok : script_.front();
    if (!script_.empty()) script_.pop_front();
    if (state == ReadState::restarted) ++life_;
    if (state != ReadState::ok) return {0, state, "as written"};
    const std::size_t part = std::min<std::size_t>(out.size(), 300);
    for (std::byte& b : out.first(part))
      b = static_cast<std::byte>((random_() & 0x3FU) | life_ << 6U);
    delivered_ += part;
    return {part, ReadState::ok, {}};
  }

  [[nodiscard]] std::size_t delivered() const noexcept { return delivered_; }

 private:
  SourceInfo info_;
  std::deque<ReadState> script_;
  std::mt19937 random_{5};
  unsigned life_ = 0;
  std::size_t delivered_ = 0;
};

constexpr std::size_t start_up_bytes = 4096;

/// Noise of six bits in a time that its calls make: a byte a millisecond or so, and stretches in which it repeats
/// itself or says nothing.
class Slow final : public Source {
 public:
  struct Plan {
    std::size_t bytes_per_read = 700;  ///< then the time is over
    std::vector<std::size_t> stuck{};  ///< from these bytes on, 30 times the same one
    std::size_t stuck_for_good = ~std::size_t{0};
    std::size_t silent_at = ~std::size_t{0};
    unsigned silent_reads = 0;
  };

  explicit Slow(Plan plan) : plan_(std::move(plan)) {
    info_.uri = "slow:";
    info_.format = {8, 8};
    info_.claim.bits_per_sample = 5;
  }

  [[nodiscard]] const SourceInfo& info() const noexcept override { return info_; }
  void start(const Patience&) override {}
  void stop() noexcept override {}

  [[nodiscard]] Read read(std::span<std::byte> out, const Patience&) override {
    if (delivered >= plan_.silent_at && plan_.silent_reads > 0) {
      --plan_.silent_reads;
      return {0, ReadState::timeout, "nothing"};
    }
    const std::size_t part = std::min(out.size(), plan_.bytes_per_read);
    for (std::byte& b : out.first(part)) {
      const bool stuck = delivered >= plan_.stuck_for_good ||
                         std::any_of(plan_.stuck.begin(), plan_.stuck.end(),
                                     [&](std::size_t at) { return delivered >= at && delivered < at + 30; });
      b = stuck ? std::byte{9} : static_cast<std::byte>(random_() & 0x3FU);
      ++delivered;
    }
    if (part == out.size()) return {part, ReadState::ok, {}};
    return {part, ReadState::timeout, "the time is over"};
  }

  std::size_t delivered = 0;

 private:
  Plan plan_;
  SourceInfo info_;
  std::mt19937 random_{5};
};

Category category_after(ReadState state) {
  // A single timeout is no silence; twenty are.
  ScriptedReads source(std::deque<ReadState>(20, state));
  GatedSource gated(source);
  try {
    gated.start({});
  } catch (const Error& error) {
    return error.category();
  }
  return Category::verdict;
}

}  // namespace

TEST_CASE("A restarted source drops the block in hand and runs the start-up test again") {
  // 4096 start-up samples are 14 reads of 300; the 16th read fails in the middle of the first block.
  std::deque<ReadState> script(15, ReadState::ok);
  script.push_back(ReadState::restarted);
  ScriptedReads source(script);
  GatedSource gated(source);
  gated.start({});
  std::vector<std::byte> block(gated.window_bytes() * 2);
  gated.read(block, {});
  for (const std::byte b : block)
    CHECK((b >> 6U) == std::byte{1});
  CHECK(gated.bytes_admitted() == block.size());
  // The samples of the second start-up test are not among the admitted ones.
  CHECK(source.delivered() >= 2 * start_up_bytes + block.size());
  const HealthRecord record = gated.record().health;
  CHECK(record.recoveries.size() == 1);
  CHECK_FALSE(record.recoveries[0].at_start_up);
  CHECK(record.start_up_tests_passed == 2);
  CHECK(record.samples_admitted == block.size());
  CHECK(health::faults_of(record, 4.0, {8, 8}).empty());
}

TEST_CASE("A source that restarts during the start-up test begins it again") {
  ScriptedReads source({ReadState::ok, ReadState::restarted, ReadState::ok, ReadState::restarted});
  GatedSource gated(source);
  gated.start({});
  CHECK(source.delivered() == start_up_bytes + 600);
  const HealthRecord record = gated.record().health;
  CHECK(record.recoveries.size() == 2);
  CHECK(record.recoveries[0].at_start_up);
  CHECK(record.start_up_tests_passed == 1);
  CHECK(record.samples_discarded == 600);
  CHECK(health::faults_of(record, 4.0, {8, 8}).empty());
}

TEST_CASE("What ends a source decides the exit code") {
  CHECK(category_after(ReadState::alarm) == Category::health);
  CHECK(category_after(ReadState::disconnected) == Category::device);
  CHECK(category_after(ReadState::fault) == Category::device);
  CHECK(category_after(ReadState::timeout) == Category::device);
  CHECK(category_after(ReadState::stopped) == Category::interrupted);
}

TEST_CASE("A source may be as slow as it likes, and somebody hears how far it is") {
  Slow source({});
  std::vector<std::string> phases;
  std::uint64_t last = 0;
  std::uint64_t wanted = 0;
  GatedSource gated(source, {.progress = [&](std::string_view what, std::uint64_t done, std::uint64_t of) {
                      if (phases.empty() || phases.back() != what) phases.emplace_back(what);
                      last = done;
                      wanted = of;
                    }});
  gated.start({});
  CHECK(phases == std::vector<std::string>{"start-up test"});
  CHECK(last == start_up_bytes);
  std::vector<std::byte> block(100 * gated.window_bytes());
  gated.read(block, {});
  CHECK(phases == std::vector<std::string>{"start-up test", "samples"});
  CHECK(last == block.size());
  CHECK(wanted == block.size());
}

TEST_CASE("Silence is ten reads without a byte, wherever they are") {
  for (const std::size_t at : {std::size_t{0}, std::size_t{2000}, std::size_t{20'000}}) {
    for (const unsigned silent : {9U, 10U}) {
      Slow source({.silent_at = at, .silent_reads = silent});
      GatedSource gated(source);
      std::vector<std::byte> block(100 * gated.window_bytes());
      CAPTURE(at, silent);
      try {
        gated.start({});
        gated.read(block, {});
        CHECK(silent == 9);
      } catch (const Error& e) {
        CHECK(silent == 10);
        CHECK(e.category() == Category::device);
        CHECK_THAT(e.what(), Catch::Contains("not one byte in 10 seconds"));
      }
    }
  }
}

TEST_CASE("A deadline that passes while bytes come is said to be one") {
  Slow source({});
  GatedSource gated(source);
  const Patience over{.deadline = SteadyClock::time_point::min()};
  CHECK_THROWS_WITH(gated.start(over), Catch::Contains("700 of 4096 bytes came before the deadline"));
}

TEST_CASE("An intermittent alarm costs the block in hand and a start-up test, and is on record") {
  const std::size_t alarm_at = start_up_bytes + 30'000;
  Slow source({.bytes_per_read = 100'000, .stuck = {alarm_at}});
  std::vector<std::string> told;
  GatedSource gated(source, {.notice = [&](const std::string& sentence) { told.push_back(sentence); }});
  gated.start({});
  std::vector<std::byte> block(40 * gated.window_bytes());
  for (int i = 0; i < 5; ++i) {
    gated.read(block, {});
    CHECK(std::search_n(block.begin(), block.end(), 8, std::byte{9}) == block.end());
  }
  REQUIRE(told.size() == 1);
  CHECK_THAT(told[0], Catch::Contains("repetition-count: a value came 7 times in a row"));
  const HealthRecord record = gated.record().health;
  REQUIRE(record.alarms.size() == 1);
  CHECK(record.alarms[0].sample == alarm_at + 6);
  CHECK(record.start_up_tests_passed == 2);
  CHECK(record.samples_admitted == 5 * block.size());
  CHECK(gated.bytes_admitted() == 5 * block.size());
  CHECK(record.samples_discarded == block.size());
  CHECK(source.delivered == 6 * block.size() + 2 * start_up_bytes);
  CHECK(health::faults_of(record, 5.0, {8, 8}).empty());
}

TEST_CASE("A persistent failure ends the stream at once, and the samples in hand are wiped") {
  Slow source({.stuck_for_good = start_up_bytes + 5000});
  GatedSource gated(source);
  gated.start({});
  std::vector<std::byte> block(1000 * gated.window_bytes(), std::byte{0xEE});
  try {
    gated.read(block, {});
    FAIL("samples of a stuck source came out");
  } catch (const Error& e) {
    CHECK(e.category() == Category::health);
    CHECK_THAT(e.what(), Catch::StartsWith("health alarm on slow:: start-up test, repetition-count"));
  }
  CHECK(std::all_of(block.begin(), block.end(), [](std::byte b) { return b == std::byte{0}; }));
  // Judged window by window: nobody waited for the other half million bytes.
  CHECK(source.delivered < 30'000);
  const HealthRecord record = gated.record().health;
  CHECK(record.samples_admitted == 0);
  CHECK_FALSE(record.running);
  CHECK(record.start_up_tests_passed == 1);
  CHECK(record.alarms.size() >= 2);
}

TEST_CASE("Alarms that are too many for chance end the stream, however good the samples are between them") {
  std::vector<std::size_t> often;
  for (std::size_t at = 50'000; at < 5'000'000; at += 50'000)
    often.push_back(at);
  Slow source({.bytes_per_read = 100'000, .stuck = often});
  GatedSource gated(source);
  gated.start({});
  std::vector<std::byte> block(20 * gated.window_bytes());
  CHECK_THROWS_WITH(
      [&] {
        while (gated.bytes_admitted() < 5'000'000)
          gated.read(block, {});
      }(),
      Catch::Contains("a healthy source does not give so many alarms"));
  CHECK(gated.record().health.alarms.size() == 3);
}

TEST_CASE("A gate runs the health tests that its source brings") {
  class Never final : public health::HealthTest {
   public:
    [[nodiscard]] std::size_t window() const noexcept override { return 1; }
    [[nodiscard]] std::size_t start_up_samples() const noexcept override { return 10'000; }
    void restart() override {}
    [[nodiscard]] std::optional<health::Failure> feed(const health::Samples&) override {
      return health::Failure{0, "this will not do"};
    }
    [[nodiscard]] HealthTestRecord record() const override { return {.id = "never"}; }
  };
  class Picky final : public Source, public health::Monitored {
   public:
    [[nodiscard]] const SourceInfo& info() const noexcept override { return inner_.info(); }
    void start(const Patience&) override {}
    void stop() noexcept override {}
    [[nodiscard]] Read read(std::span<std::byte> out, const Patience& patience) override {
      return inner_.read(out, patience);
    }
    [[nodiscard]] std::vector<std::unique_ptr<health::HealthTest>> make_health_tests() override {
      std::vector<std::unique_ptr<health::HealthTest>> tests;
      tests.push_back(std::make_unique<Never>());
      return tests;
    }

   private:
    Slow inner_{{}};
  } source;
  GatedSource gated(source);
  CHECK_THROWS_WITH(gated.start({}), Catch::Contains("start-up test, never: this will not do, at sample"));
  CHECK(gated.record().health.tests.at(2).id == "never");
  CHECK(gated.record().health.start_up_samples == 10'240);
}
