#include "stats/health/gate.h"

#include <fmt/format.h>

#include "core/error.h"
#include "stats/health/cutoffs.h"

namespace lightseed::health {

std::string describe(const Alarm& alarm, const GateSettings& settings) {
  const bool repetition = alarm.test == "repetition-count";
  return fmt::format("{}{}: a value came {} times {}, at sample {}", alarm.at_start_up ? "start-up test, " : "",
                     alarm.test, alarm.cutoff,
                     repetition ? std::string("in a row")
                                : fmt::format("in a window of {}", adaptive_proportion_window(settings.format.bits)),
                     alarm.sample);
}

HealthGate::HealthGate(const GateSettings& settings)
    : settings_(settings),
      repetition_count_(repetition_count_cutoff(settings.min_entropy, settings.alpha_log2)),
      adaptive_proportion_(adaptive_proportion_window(settings.format.bits),
                           adaptive_proportion_cutoff(adaptive_proportion_window(settings.format.bits),
                                                      settings.min_entropy, settings.alpha_log2)) {
  validate(settings_.format);
  if (settings_.start_up_samples < 1024) {
    throw Error(Category::usage, "the start-up test needs at least 1024 samples (SP 800-90B 4.3)");
  }
}

std::size_t HealthGate::window_bytes() const noexcept {
  return settings_.format.bytes_for(adaptive_proportion_.window());
}

std::size_t HealthGate::start_up_bytes() const noexcept {
  const std::size_t window = adaptive_proportion_.window();
  return (settings_.start_up_samples + window - 1) / window * window_bytes();
}

void HealthGate::restart() {
  repetition_count_ = RepetitionCount(repetition_count_.cutoff());
  state_ = State::waiting;
  alarm_.reset();
  tested_ = 0;
}

bool HealthGate::start_up(std::span<const std::byte> raw) {
  if (state_ != State::waiting) throw Error(Category::usage, "the start-up test runs once after a restart");
  if (raw.size() != start_up_bytes()) {
    throw Error(Category::usage, fmt::format("the start-up test takes {} bytes, not {}", start_up_bytes(), raw.size()));
  }
  if (!test(raw, true)) return false;
  state_ = State::running;
  ++start_ups_passed_;
  return true;
}

bool HealthGate::admit(std::span<const std::byte> raw) {
  if (state_ != State::running) return false;
  if (raw.size() % window_bytes() != 0) {
    throw Error(Category::usage,
                fmt::format("the gate takes whole windows of {} bytes, not {} bytes", window_bytes(), raw.size()));
  }
  if (!test(raw, false)) return false;
  admitted_ += settings_.format.samples_in(raw.size());
  return true;
}

bool HealthGate::test(std::span<const std::byte> raw, bool at_start_up) {
  if (settings_.format.is_bytewise()) {
    const auto* const bytes = static_cast<const std::uint8_t*>(static_cast<const void*>(raw.data()));
    return test_samples(std::span(bytes, raw.size()), at_start_up);
  }
  unpacked_.resize(settings_.format.samples_in(raw.size()));
  unpack(raw, settings_.format, unpacked_);
  return test_samples(std::span<const std::uint16_t>(unpacked_), at_start_up);
}

template <typename Sample>
bool HealthGate::test_samples(std::span<const Sample> samples, bool at_start_up) {
  const auto repeated = repetition_count_.find_failure(samples);
  const auto frequent = adaptive_proportion_.find_failure(samples);
  if (repeated || frequent) {
    // The earlier of the two is the alarm; a constant source trips the repetition count first.
    const bool repetition = repeated && (!frequent || *repeated <= *frequent);
    alarm_ = Alarm{.test = repetition ? "repetition-count" : "adaptive-proportion",
                   .sample = tested_ + (repetition ? *repeated : *frequent),
                   .cutoff = repetition ? repetition_count_.cutoff() : adaptive_proportion_.cutoff(),
                   .at_start_up = at_start_up};
    state_ = State::alarmed;
    return false;
  }
  tested_ += samples.size();
  return true;
}

Json HealthGate::evidence() const {
  Json json{
      {"standard", "NIST SP 800-90B 4.3, 4.4"},
      {"claim_bits_per_sample", settings_.min_entropy},
      {"alpha_log2", settings_.alpha_log2},
      {"repetition_count", {{"cutoff", repetition_count_.cutoff()}}},
      {"adaptive_proportion", {{"window", adaptive_proportion_.window()}, {"cutoff", adaptive_proportion_.cutoff()}}},
      {"start_up_samples", settings_.format.samples_in(start_up_bytes())},
      {"start_up_tests_passed", start_ups_passed_},
      {"samples_admitted", admitted_},
      {"alarm", nullptr}};
  if (alarm_) {
    json["alarm"] = {{"test", alarm_->test},
                     {"sample", alarm_->sample},
                     {"cutoff", alarm_->cutoff},
                     {"at_start_up", alarm_->at_start_up},
                     {"words", describe(*alarm_, settings_)}};
  }
  return json;
}

}  // namespace lightseed::health
