#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/json.h"
#include "core/sample_format.h"
#include "stats/health/adaptive_proportion.h"
#include "stats/health/repetition_count.h"

namespace lightseed::health {

/// What a gate tests for. Cut-offs follow from the claim and alpha (stats/health/cutoffs.h).
struct GateSettings {
  SampleFormat format;
  double min_entropy = 0;                 ///< the claim, bits per sample, > 0
  double alpha_log2 = -30;                ///< false-alarm rate of either test, as a power of two
  std::uint32_t start_up_samples = 4096;  ///< >= 1024 (SP 800-90B 4.3); rounded up to whole windows
};

/// A health test's alarm. Offsets count samples since the gate was last restarted.
struct Alarm {
  std::string test;          ///< "repetition-count" or "adaptive-proportion"
  std::uint64_t sample = 0;  ///< the sample that raised it
  std::uint32_t cutoff = 0;
  bool at_start_up = false;
};

/// "adaptive-proportion: a value came 27 times in a window of 512, at sample 1000026"
std::string describe(const Alarm& alarm, const GateSettings& settings);

/// The continuous health tests of SP 800-90B 4.4 in front of everything that uses raw samples.
///
/// A restarted gate first wants start_up() samples, which are tested and never used; then admit() judges chunks of
/// whole windows, so that no sample passes before its window has finished. The first alarm latches: nothing is
/// admitted until restart() and a new start-up test.
class HealthGate {
 public:
  /// Throws Error(usage) for a claim or start-up length out of range.
  explicit HealthGate(const GateSettings& settings);

  [[nodiscard]] const GateSettings& settings() const noexcept { return settings_; }

  /// Bytes start_up() wants: the start-up samples in whole windows.
  [[nodiscard]] std::size_t start_up_bytes() const noexcept;
  /// Chunks for admit() are multiples of this many bytes: one window.
  [[nodiscard]] std::size_t window_bytes() const noexcept;

  /// Forgets everything, the alarm too; start_up() is due again.
  void restart();

  /// Runs the start-up test on exactly start_up_bytes(). True when it passed.
  [[nodiscard]] bool start_up(std::span<const std::byte> raw);

  /// True when every test accepts the whole chunk. False without looking while an alarm is latched or the start-up
  /// test has not passed.
  [[nodiscard]] bool admit(std::span<const std::byte> raw);

  [[nodiscard]] const std::optional<Alarm>& alarm() const noexcept { return alarm_; }

  /// Samples admitted in all, over restarts.
  [[nodiscard]] std::uint64_t admitted() const noexcept { return admitted_; }

  /// Settings, cut-offs, counts and the alarm: what a verifier needs to recompute the cut-offs.
  [[nodiscard]] Json evidence() const;

 private:
  enum class State { waiting, running, alarmed };

  GateSettings settings_;
  RepetitionCount repetition_count_;
  AdaptiveProportion adaptive_proportion_;
  State state_ = State::waiting;
  std::optional<Alarm> alarm_;
  std::uint64_t tested_ = 0;
  std::uint64_t admitted_ = 0;
  std::uint64_t start_ups_passed_ = 0;
  std::vector<std::uint16_t> unpacked_;

  bool test(std::span<const std::byte> raw, bool at_start_up);
  template <typename Sample>
  bool test_samples(std::span<const Sample> samples, bool at_start_up);
};

}  // namespace lightseed::health
