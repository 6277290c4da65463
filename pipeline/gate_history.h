// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/json.h"
#include "evidence/gate_record.h"

namespace lightseed {

/// What the tests of a run's gates read while the run went on, for a person to look at: a gate's own record has only
/// the last reading of each.
///
/// note() now and then; readings stay few however long the run is: when there are too many, every other one is
/// forgotten, and from then on half as many are kept.
class GateHistory {
 public:
  struct Reading {
    std::uint64_t sample = 0;  ///< raw samples that the gate had looked at
    double value = 0;
  };
  struct Test {
    std::string member;  ///< of a pool: its URI; else empty
    std::string id;
    std::optional<double> low{}, high{};  ///< the limits, of tests that have readings
    std::vector<Reading> readings{};
    std::vector<HealthAlarm> alarms{};  ///< all so far
  };
  static constexpr std::size_t most_readings = 512;

  void note(const GateRecord& record);

  [[nodiscard]] const std::vector<Test>& tests() const noexcept { return tests_; }
  /// Raw samples that the gate had looked at, at the last note(); of a pool, the gate that saw most.
  [[nodiscard]] std::uint64_t samples() const noexcept { return samples_; }

 private:
  std::vector<Test> tests_{};
  std::uint64_t samples_ = 0;
  std::uint64_t notes_ = 0;
  std::uint64_t every_ = 1;

  void note(const std::string& member, const HealthRecord& record, bool keep);
  Test& test_of(const std::string& member, const std::string& id);
  void thin_out();
};

/// `{"samples":…,"tests":[{"id":…,"low":…,"high":…,"readings":[[sample, value],…],"alarms":[{"sample":…,"words":…}]}]}`
Json to_json(const GateHistory& history);

}  // namespace lightseed
