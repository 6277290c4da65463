// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "evidence/calibration_record.h"
#include "stats/health/monitors/optical_power.h"
#include "stats/health/reference.h"

namespace lightseed::calibration {

/// What monitors are given: the distribution, memory and spectrum of the lit samples.
health::Reference reference_of(const CalibrationRecord& record);
CalibrationReference stored_reference(const health::Reference& reference);

/// What a photodiode reads when the source is lit as usual; nothing where none watched.
std::optional<health::OpticalPowerLaw> optical_power_of(const CalibrationRecord& record);

/// Everything in a calibration that follows from its levels and its reference: parameters, misfit, claim, and the
/// monitors' limits. Throws Error(verdict) where the measurements carry no claim, Error(malformed) for levels or a law
/// that are none.
void conclude(CalibrationRecord& record);

/// The limits of the monitors that follow from the reference.
std::vector<CalibrationLimit> limits_of(const CalibrationRecord& record);

/// What does not follow, because somebody changed it; one sentence each.
std::vector<std::string> faults_of(const CalibrationRecord& record);

}  // namespace lightseed::calibration
