// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/json.h"
#include "evidence/object_reader.h"

namespace lightseed {

/// One health test of a gate, and how often chance alone makes it cry.
struct HealthTestRecord {
  std::string id;                         ///< "repetition-count"
  std::uint64_t window = 1;               ///< samples it judges at a time
  std::optional<std::uint64_t> cutoff{};  ///< where it is a count that is compared with one
  /// log2 of the false-alarm rate a window, at most, of a source that just meets its claim. Nothing: chance alone
  /// cannot raise this alarm, because the cut-off is above the window, or because the test states no rate.
  std::optional<double> alpha_log2{};
  Json readings = Json::object();  ///< what the test has measured, for those that do
};

/// An alarm of a health test. Positions count all samples the gate has looked at, those of start-up tests among them.
struct HealthAlarm {
  std::string test;          ///< the id
  std::uint64_t sample = 0;  ///< the sample that raised it
  std::string words;         ///< the test's own
  bool at_start_up = false;
};

/// A failure the source was brought back from.
struct RecoveryRecord {
  std::string words;
  std::uint64_t sample = 0;  ///< samples the gate had looked at
  bool at_start_up = false;  ///< while a start-up test was under way
};

/// What a gate was set to and what happened at it: enough to recompute its cut-offs and to judge its alarms again.
struct HealthRecord {
  std::string standard;
  double claim = 0;       ///< bits a sample that the cut-offs are computed from
  double alpha_log2 = 0;  ///< the false-alarm rate asked for
  std::vector<HealthTestRecord> tests;
  std::uint64_t start_up_samples = 0;  ///< of one start-up test
  std::uint64_t start_up_tests_passed = 0;
  std::uint64_t samples_admitted = 0;   ///< and used
  std::uint64_t samples_discarded = 0;  ///< read and thrown away, start-up tests not counted
  std::vector<HealthAlarm> alarms;
  std::vector<RecoveryRecord> recoveries;
  bool running = false;  ///< the last start-up test was passed and no alarm came since
};

Json to_json(const HealthRecord& record);

/// The inverse. Throws Error(malformed) naming the member that is missing, wrong or unknown.
HealthRecord health_record_from(ObjectReader reader);

}  // namespace lightseed
