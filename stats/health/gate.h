// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/sample_format.h"
#include "core/secret_bytes.h"
#include "evidence/health_record.h"
#include "stats/health/false_alarms.h"
#include "stats/health/health_test.h"

namespace lightseed::health {

/// What the gate follows, as records say it.
inline constexpr std::string_view standard = "NIST SP 800-90B 4.3, 4.4";

/// What a gate tests for. Cut-offs follow from the claim and alpha (stats/health/cutoffs.h).
struct GateSettings {
  SampleFormat format;
  double min_entropy = 0;                 ///< the claim, bits per sample, > 0
  double alpha_log2 = -30;                ///< false-alarm rate of either test, as a power of two
  std::uint32_t start_up_samples = 4096;  ///< >= 1024 (SP 800-90B 4.3); a monitor may want more
};

/// "start-up test, adaptive-proportion: a value came 27 times in a window of 512, at sample 1000026"
std::string describe(const HealthAlarm& alarm);

/// The continuous health tests of SP 800-90B 4.4 in front of everything that uses raw samples, and whatever monitors
/// the source brings for its own physics.
///
/// A restarted gate first wants start_up() samples, which are tested and never used; then admit() judges chunks of
/// whole windows, so that no sample passes before its window has finished. An alarm latches: nothing is admitted until
/// restart() and a new start-up test. Whether to try again is the reader's choice; persistent() says when not to.
class HealthGate {
 public:
  /// Throws Error(usage) for a claim or start-up length out of range.
  explicit HealthGate(const GateSettings& settings, std::vector<std::unique_ptr<HealthTest>> monitors = {});

  [[nodiscard]] const GateSettings& settings() const noexcept { return settings_; }

  /// Bytes start_up() wants: the start-up samples in whole windows.
  [[nodiscard]] std::size_t start_up_bytes() const noexcept;
  /// Chunks for admit() are multiples of this many bytes: whole windows of every test.
  [[nodiscard]] std::size_t window_bytes() const noexcept;

  /// The samples to come do not follow those before: forgets the alarm, and start_up() is due again.
  void restart();
  /// The same, after the source was brought back from a failure; goes on record.
  void restart_recovered(std::string words);

  /// Runs the start-up test on exactly start_up_bytes(). True when it passed.
  [[nodiscard]] bool start_up(std::span<const std::byte> raw);

  /// True when every test accepts the whole chunk. False without looking while an alarm is latched or the start-up
  /// test has not passed.
  [[nodiscard]] bool admit(std::span<const std::byte> raw);

  /// A check that is none of the gate's own tests has failed: an alarm like any other, with the name of that check.
  void fail(std::string test, std::string words);

  /// So many samples were thrown away after all: `admitted` ones, the block in hand at a failure, and others read with
  /// them. For the record.
  void discard(std::uint64_t admitted, std::uint64_t others) noexcept;

  /// The one that is latched.
  [[nodiscard]] const std::optional<HealthAlarm>& alarm() const noexcept { return alarm_; }
  /// The alarms so far are more than a healthy source has by chance (AlarmHistory): it has failed for good.
  [[nodiscard]] bool persistent() const noexcept { return history_.persistent(); }

  /// Samples admitted in all, over restarts, and not discarded.
  [[nodiscard]] std::uint64_t admitted() const noexcept { return admitted_; }

  /// Settings, cut-offs, true rates, counts, alarms and recoveries: what a verifier needs to judge the gate again.
  [[nodiscard]] HealthRecord evidence() const;

 private:
  enum class State { waiting, running, alarmed };

  GateSettings settings_;
  std::vector<std::unique_ptr<HealthTest>> tests_;
  AlarmHistory history_;
  std::size_t window_;            ///< samples
  std::size_t start_up_samples_;  ///< whole windows
  std::size_t piece_;             ///< samples that all tests look at in turn, while they are in the cache
  State state_ = State::waiting;
  std::optional<HealthAlarm> alarm_;
  std::uint64_t looked_at_ = 0, admitted_ = 0, discarded_ = 0, start_ups_passed_ = 0;
  std::vector<HealthAlarm> alarms_;
  std::vector<RecoveryRecord> recoveries_;
  SecretBytes unpacked_;  ///< a piece of 16-bit samples, for formats that are not bytes

  bool judge(std::span<const std::byte> raw, bool at_start_up);
  bool judge_piece(const Samples& samples, bool at_start_up);
  [[nodiscard]] Samples samples_of(std::span<const std::byte> raw);
};

}  // namespace lightseed::health
