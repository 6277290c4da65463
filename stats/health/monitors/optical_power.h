// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "evidence/health_record.h"
#include "stats/health/health_test.h"
#include "stats/health/reference.h"

namespace lightseed::health {

/// The name of its test on record.
inline constexpr std::string_view optical_power_monitor_id = "optical-power";

/// What the photodiode of a source read when the source was well; in the photodiode's unit.
struct OpticalPowerLaw {
  double mean = 0;
  double deviation = 0;  ///< standard, of one reading
  double readings = 0;   ///< that both were measured on; 0: they are known
};

/// Fewer say too little of their own deviation.
inline constexpr std::uint64_t least_power_readings = 64;

/// Where a healthy source's reading lies, but for a probability of 2^-32. Throws Error(malformed) for a law that is
/// none: no deviation at all, or too few readings.
Range optical_power_range(const OpticalPowerLaw& law);

/// A photodiode at the gate: one reading a block of 65,536 samples, whatever the samples are. `read` gives one, not a
/// number where none came, which is an alarm.
std::unique_ptr<HealthTest> optical_power_monitor(const OpticalPowerLaw& law, std::function<double()> read);

/// What is wrong with its record at a gate that was open; one sentence a fault.
std::vector<std::string> faults_of_optical_power_monitor(const HealthTestRecord& record);

}  // namespace lightseed::health
