// SPDX-License-Identifier: Apache-2.0
#include "pipeline/capture.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <deque>
#include <thread>
#include <vector>

#include "core/hex.h"
#include "crypto/digest.h"

using namespace lightseed;
using namespace std::chrono_literals;

namespace {

/// Gives consecutive bytes, and at chosen positions what a test wants to happen; each event happens once.
class Scripted final : public Source {
 public:
  struct Event {
    std::uint64_t at = 0;
    ReadState state = ReadState::ok;
  };

  explicit Scripted(std::deque<Event> events = {}, std::size_t at_once = 100'000)
      : events_(std::move(events)), at_once_(at_once) {
    info_.uri = "test:scripted";
  }

  unsigned starts = 0;

  [[nodiscard]] const SourceInfo& info() const noexcept override { return info_; }
  void start(const Patience&) override { ++starts; }
  [[nodiscard]] Read read(std::span<std::byte> out, const Patience&) override {
    std::size_t size = std::min(out.size(), at_once_);
    if (!events_.empty() && position_ + size > events_.front().at) size = events_.front().at - position_;
    if (size == 0 && !events_.empty()) {
      const Event event = events_.front();
      events_.pop_front();
      return {0, event.state, "it was said so"};
    }
    for (std::size_t i = 0; i < size; ++i)
      out[i] = static_cast<std::byte>(position_++);
    return {size, size == out.size() ? ReadState::ok : ReadState::timeout, "slow"};
  }
  void stop() noexcept override {}

 private:
  std::deque<Event> events_;
  std::size_t at_once_;
  SourceInfo info_;
  std::uint64_t position_ = 0;
};

struct Outcome {
  Captured captured;
  std::vector<std::byte> bytes;
  std::vector<std::uint64_t> progress;
};

Outcome capture_run(Source& source, const CapturePlan& plan, std::stop_token stop = {}) {
  Outcome outcome;
  outcome.captured = capture(
      source, plan,
      [&](std::span<const std::byte> bytes) { outcome.bytes.insert(outcome.bytes.end(), bytes.begin(), bytes.end()); },
      [&](std::uint64_t samples) { outcome.progress.push_back(samples); }, std::move(stop));
  const Sidecar& sidecar = outcome.captured.sidecar;
  CHECK(sidecar.bytes == outcome.bytes.size());
  CHECK(sidecar.samples == outcome.bytes.size());
  CHECK(sidecar.sha256 == hex(sha256(outcome.bytes)));
  CHECK(outcome.captured.ended.has_value() == !sidecar.ended_early.empty());
  return outcome;
}

bool consecutive(std::span<const std::byte> bytes) {
  return std::adjacent_find(bytes.begin(), bytes.end(), [](std::byte a, std::byte b) {
           return std::to_integer<unsigned>(b) != ((std::to_integer<unsigned>(a) + 1) & 0xFFU);
         }) == bytes.end();
}

}  // namespace

TEST_CASE("a capture is what the source gave, to the last sample") {
  Scripted source;
  const Outcome outcome = capture_run(source, {.samples = 1'000'000});
  CHECK(outcome.bytes.size() == 1'000'000);
  CHECK(consecutive(outcome.bytes));
  CHECK_FALSE(outcome.captured.ended);
  CHECK(outcome.captured.sidecar.gaps.empty());
  CHECK(source.starts == 1);
}

TEST_CASE("a slow source is recorded whole, and progress follows every piece of it") {
  Scripted source({}, 7);
  const Outcome outcome = capture_run(source, {.samples = 1000});
  CHECK(outcome.bytes.size() == 1000);
  CHECK(outcome.progress.size() >= 140);
  CHECK(outcome.progress.front() == 7);
}

TEST_CASE("whatever ends a capture early, what has come is kept and the side-car says why") {
  const auto [state, category] =
      GENERATE(table<ReadState, Category>({{ReadState::stopped, Category::interrupted},
                                           {ReadState::end_of_data, Category::not_enough_data},
                                           {ReadState::alarm, Category::health},
                                           {ReadState::disconnected, Category::device},
                                           {ReadState::fault, Category::device}}));
  Scripted source({{12'345, state}});
  const Outcome outcome = capture_run(source, {.samples = 1'000'000});
  CHECK(outcome.bytes.size() == 12'345);
  CHECK(outcome.captured.ended == category);
  CHECK(outcome.captured.sidecar.ended_early == "it was said so");
}

TEST_CASE("a device that was brought back goes on being recorded, and the gap is in the side-car") {
  Scripted source({{1000, ReadState::restarted}, {5000, ReadState::restarted}});
  const Outcome outcome = capture_run(source, {.samples = 10'000});
  CHECK(outcome.bytes.size() == 10'000);
  CHECK_FALSE(outcome.captured.ended);
  const auto& gaps = outcome.captured.sidecar.gaps;
  REQUIRE(gaps.size() == 2);
  CHECK(gaps[0].after_samples == 1000);
  CHECK(gaps[1].after_samples == 5000);
}

TEST_CASE("of a restart matrix only whole rows count, and a row with a failure in it is taken again") {
  Scripted source({{2500, ReadState::restarted}, {7600, ReadState::stopped}});
  const Outcome outcome = capture_run(source, {.samples = 1000, .rows = 10});
  // Rows 0 and 1, row 2 again from 2500 on, to 7500; then one that was not finished.
  CHECK(outcome.bytes.size() == 7000);
  REQUIRE(outcome.captured.sidecar.restarts);
  CHECK(outcome.captured.sidecar.restarts->rows == 7);
  CHECK(outcome.captured.sidecar.restarts->columns == 1000);
  CHECK(outcome.captured.ended == Category::interrupted);
  for (std::size_t row = 0; row < 7; ++row)
    CHECK(consecutive(std::span(outcome.bytes).subspan(1000 * row, 1000)));
}

TEST_CASE("a capture by time ends when the time is over, and that is no early end") {
  Scripted source({}, 100);
  const Outcome outcome = capture_run(source, {.samples = 0, .duration = 30ms});
  CHECK(outcome.bytes.size() > 0);
  CHECK_FALSE(outcome.captured.ended);
}

TEST_CASE("a capture of nothing, or of rows that do not fill bytes, is refused") {
  Scripted source;
  CHECK_THROWS_AS(capture_run(source, {}), Error);
  CHECK_THROWS_AS(capture_run(source, {.samples = 10, .rows = 0}), Error);
  CHECK(source.starts == 0);
}
