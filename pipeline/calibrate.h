// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <ctime>
#include <functional>
#include <stop_token>

#include "driver/source.h"
#include "evidence/calibration_record.h"

namespace lightseed {

/// What a calibration is asked for.
struct CalibrationPlan {
  std::uint64_t samples = 10'000'000;     ///< at each power, from 2^19 to 2^28
  std::chrono::seconds valid_for{86400};  ///< longest_validity at most
  std::time_t now = 0;
  double bound = 6;  ///< standard deviations of the parameters' errors that the claim allows for
  std::function<void(std::uint64_t done, std::uint64_t all)> progress = [](auto, auto) {};
  std::stop_token stop{};
};

/// Measures a unit dark, at powers between, and lit as usual; fits how its noise grows with the light; and says what
/// may be claimed for it and when its monitors are to cry (stats/calibration/).
///
/// The light is switched between starts. Afterwards it is as usual. Throws Error(usage) for a source that does not
/// switch its light (driver/switchable_light.h) and a plan out of range, Error(verdict) where the measurement carries
/// no claim, Error(device), Error(not_enough_data) or Error(interrupted) where it could not be made.
CalibrationRecord calibrate(Source& source, const CalibrationPlan& plan);

/// The unit as it is now, for a calibration. Throws Error(usage) where no calibration can be made of it.
CalibratedDevice calibrated_device(const Source& source);

}  // namespace lightseed
