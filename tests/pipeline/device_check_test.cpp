// SPDX-License-Identifier: Apache-2.0
#include "pipeline/device_check.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <thread>
#include <vector>

#include "core/error.h"
#include "tests/pipeline/simulated_source.h"

using namespace lightseed;
using namespace std::chrono_literals;
using test::simulated_source;

TEST_CASE("a device that is well is timed, tested and said to be well") {
  const auto source = simulated_source("sim:homodyne?seed=1");
  const DeviceCheck check = check_device(*source, 20ms, {});
  CHECK_FALSE(check.unwell);
  CHECK(check.samples > 0);
  CHECK(check.samples_per_second > 0);
  CHECK(check.gate.has_value());
  CHECK(check.verdict.find("well") != std::string::npos);
}

TEST_CASE("a device that fails a health test is not well, and the verdict says which") {
  const auto source = simulated_source("sim:homodyne?seed=1&fault=dead@0");
  const DeviceCheck check = check_device(*source, 20ms, {});
  CHECK(check.unwell == Category::health);
  CHECK(check.verdict.find("repetition-count") != std::string::npos);
  CHECK(check.gate.has_value());
}

TEST_CASE("the time of a check begins after the start-up test, however long that takes") {
  /// Noise at a rate that makes the start-up test longer than the check.
  class Slow final : public Source {
   public:
    explicit Slow(std::unique_ptr<Source> noise) : noise_(std::move(noise)) {}
    [[nodiscard]] const SourceInfo& info() const noexcept override { return noise_->info(); }
    void start(const Patience& patience) override { noise_->start(patience); }
    void stop() noexcept override { noise_->stop(); }
    [[nodiscard]] Read read(std::span<std::byte> out, const Patience& patience) override {
      std::this_thread::sleep_for(5ms);
      Read read = noise_->read(out.first(std::min<std::size_t>(out.size(), 512)), patience);
      if (read.bytes < out.size() && read.state == ReadState::ok) read.state = ReadState::timeout;
      return read;
    }

   private:
    std::unique_ptr<Source> noise_;
  } source(simulated_source("sim:homodyne?seed=1"));
  std::vector<std::string> told;
  const DeviceCheck check =
      check_device(source, 1ms, {}, {.progress = [&](std::string_view what, auto, auto) { told.emplace_back(what); }});
  CHECK_FALSE(check.unwell);
  CHECK(check.samples > 0);
  CHECK(std::count(told.begin(), told.end(), "start-up test") == 8);
}

TEST_CASE("a check that is interrupted is an interruption and no verdict") {
  const auto source = simulated_source("sim:homodyne?seed=1");
  std::stop_source stop;
  stop.request_stop();
  try {
    (void)check_device(*source, 20ms, stop.get_token());
    FAIL("it went on");
  } catch (const Error& error) {
    CHECK(error.category() == Category::interrupted);
  }
}

TEST_CASE("a check has the readings of a device that gives them only while it runs") {
  class Shy final : public Source {
   public:
    explicit Shy(std::unique_ptr<Source> noise) : noise_(std::move(noise)) {}
    [[nodiscard]] const SourceInfo& info() const noexcept override { return noise_->info(); }
    void start(const Patience& patience) override {
      noise_->start(patience);
      running_ = true;
    }
    void stop() noexcept override {
      noise_->stop();
      running_ = false;
    }
    [[nodiscard]] Read read(std::span<std::byte> out, const Patience& patience) override {
      return noise_->read(out, patience);
    }
    [[nodiscard]] Json status() override { return running_ ? Json{{"device", {{"temperature", 21}}}} : Json::object(); }

   private:
    std::unique_ptr<Source> noise_;
    bool running_ = false;
  } source(simulated_source("sim:homodyne?seed=1"));
  CHECK(check_device(source, 20ms, {}).status.at("device").at("temperature") == 21);
}
