// SPDX-License-Identifier: Apache-2.0
#include "stats/health/gate.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <utility>

#include "core/byte_views.h"
#include "core/error.h"
#include "stats/health/cutoffs.h"
#include "stats/health/standard_tests.h"

namespace lightseed::health {
namespace {

constexpr std::size_t piece_goal = 32 * 1024;  ///< samples: in the first-level cache as bytes
constexpr std::size_t longest_window = std::size_t{1} << 20;

/// The standard's, and the source's own.
Tests all_tests(const GateSettings& settings, Tests monitors) {
  validate(settings.format);
  if (settings.start_up_samples < 1024) {
    throw Error(Category::usage, "the start-up test needs at least 1024 samples (SP 800-90B 4.3)");
  }
  Tests tests = standard_tests(settings.format, settings.min_entropy, settings.alpha_log2);
  for (auto& monitor : monitors)
    tests.push_back(std::move(monitor));
  return tests;
}

std::vector<HealthTestRecord> records_of(const Tests& tests) {
  std::vector<HealthTestRecord> records;
  records.reserve(tests.size());
  for (const auto& test : tests)
    records.push_back(test->record());
  return records;
}

/// The shortest stretch that is whole windows of every test. Whole bytes, too: the adaptive proportion test's is.
std::size_t common_window(const Tests& tests) {
  std::size_t common = 1;
  for (const auto& test : tests) {
    const std::size_t window = test->window();
    if (window == 0 || window > longest_window || (common = std::lcm(common, window)) > longest_window) {
      throw Error(Category::internal,
                  fmt::format("a health test's window of {} samples does not fit the others'", window));
    }
  }
  return common;
}

std::size_t start_up_samples_of(const Tests& tests, const GateSettings& settings, std::size_t window) {
  std::size_t samples = settings.start_up_samples;
  for (const auto& test : tests)
    samples = std::max(samples, test->start_up_samples());
  return (samples + window - 1) / window * window;
}

}  // namespace

std::string describe(const HealthAlarm& alarm) {
  return fmt::format("{}{}: {}, at sample {}", alarm.at_start_up ? "start-up test, " : "", alarm.test, alarm.words,
                     alarm.sample);
}

HealthGate::HealthGate(const GateSettings& settings, Tests monitors)
    : settings_(settings),
      tests_(all_tests(settings, std::move(monitors))),
      history_(false_alarms_per_sample(records_of(tests_))),
      window_(common_window(tests_)),
      start_up_samples_(start_up_samples_of(tests_, settings, window_)),
      piece_(std::max<std::size_t>(1, piece_goal / window_) * window_) {
  if (!settings_.format.is_bytewise()) unpacked_ = SecretBytes(piece_ * sizeof(std::uint16_t));
}

std::size_t HealthGate::window_bytes() const noexcept {
  return settings_.format.bytes_for(window_);
}

std::size_t HealthGate::start_up_bytes() const noexcept {
  return settings_.format.bytes_for(start_up_samples_);
}

void HealthGate::restart() {
  for (const auto& test : tests_)
    test->restart();
  state_ = State::waiting;
  alarm_.reset();
}

void HealthGate::restart_recovered(std::string words) {
  recoveries_.push_back({std::move(words), looked_at_, state_ == State::waiting});
  restart();
}

bool HealthGate::start_up(std::span<const std::byte> raw) {
  if (state_ != State::waiting) throw Error(Category::internal, "the start-up test runs once after a restart");
  if (raw.size() != start_up_bytes()) {
    throw Error(Category::internal,
                fmt::format("the start-up test takes {} bytes, not {}", start_up_bytes(), raw.size()));
  }
  if (!judge(raw, true)) return false;
  state_ = State::running;
  ++start_ups_passed_;
  return true;
}

bool HealthGate::admit(std::span<const std::byte> raw) {
  if (state_ != State::running) return false;
  if (raw.size() % window_bytes() != 0) {
    throw Error(Category::internal,
                fmt::format("the gate takes whole windows of {} bytes, not {} bytes", window_bytes(), raw.size()));
  }
  if (!judge(raw, false)) return false;
  admitted_ += settings_.format.samples_in(raw.size());
  return true;
}

void HealthGate::fail(std::string test, std::string words) {
  alarm_ = HealthAlarm{std::move(test), looked_at_, std::move(words), state_ == State::waiting};
  alarms_.push_back(*alarm_);
  history_.add(alarm_->sample);
  looked_at_ = alarm_->sample + 1;
  state_ = State::alarmed;
}

void HealthGate::discard(std::uint64_t admitted, std::uint64_t others) noexcept {
  admitted_ -= admitted;
  discarded_ += admitted + others;
}

bool HealthGate::judge(std::span<const std::byte> raw, bool at_start_up) {
  const std::size_t piece_bytes = settings_.format.bytes_for(piece_);
  while (!raw.empty()) {
    const auto piece = raw.first(std::min(piece_bytes, raw.size()));
    if (!judge_piece(samples_of(piece), at_start_up)) return false;
    looked_at_ += settings_.format.samples_in(piece.size());
    raw = raw.subspan(piece.size());
  }
  return true;
}

Samples HealthGate::samples_of(std::span<const std::byte> raw) {
  if (settings_.format.is_bytewise()) return std::span<const std::uint8_t>(octets(raw.data()), raw.size());
  const auto words = words16_of(unpacked_.bytes()).first(settings_.format.samples_in(raw.size()));
  unpack(raw, settings_.format, words);
  return std::span<const std::uint16_t>(words);
}

bool HealthGate::judge_piece(const Samples& samples, bool at_start_up) {
  const HealthTest* who = nullptr;
  std::optional<Failure> first;
  for (const auto& test : tests_) {
    std::optional<Failure> failure = test->feed(samples);
    // The earliest is the alarm; of two at one sample, that of the test in front: a constant source is the repetition
    // count's.
    if (!failure || (first && first->index <= failure->index)) continue;
    first = std::move(failure);
    who = test.get();
  }
  if (!first) return true;
  alarm_ = HealthAlarm{who->record().id, looked_at_ + first->index, std::move(first->words), at_start_up};
  alarms_.push_back(*alarm_);
  history_.add(alarm_->sample);
  looked_at_ = alarm_->sample + 1;
  state_ = State::alarmed;
  return false;
}

HealthRecord HealthGate::evidence() const {
  return {.standard = std::string(standard),
          .claim = settings_.min_entropy,
          .alpha_log2 = settings_.alpha_log2,
          .tests = records_of(tests_),
          .start_up_samples = start_up_samples_,
          .start_up_tests_passed = start_ups_passed_,
          .samples_admitted = admitted_,
          .samples_discarded = discarded_,
          .alarms = alarms_,
          .recoveries = recoveries_,
          .running = state_ == State::running};
}

}  // namespace lightseed::health
