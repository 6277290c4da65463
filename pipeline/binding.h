// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "evidence/run_record.h"

namespace lightseed {

/// Which figure of min-entropy binds. Usually it is the lower of the source's claim and what SP 800-90B's estimators
/// make of the run's own samples. They read the samples bit by bit too, where the codes of an ideal Gaussian source
/// give a quarter less than they hold; so where a calibration stands behind the claim and its monitors find nothing,
/// the operator may let the claim bind. The certificate then says so and why, and whoever verifies need not accept it.

/// The measurement may be lower than the claim, but not by more than this part of it: less than that is no matter of
/// estimators, and the model is wrong.
inline constexpr double least_measured_part = 0.5;

/// Throws Error(usage) where no calibration stands behind the source's claim.
void require_calibrated(const SourceInfo& source);

/// The record of such a choice. Throws Error(usage) as require_calibrated() does, Error(verdict) where the measurement
/// is too low, Error(health) where the gate has raised an alarm.
BindingRecord calibrated_binding(const SourceInfo& source, const MinEntropy& measured, const GateRecord& gate);

/// What the run should have counted on, and what is wrong with its choice; one sentence a fault.
std::vector<std::string> binding_faults(const RunRecord& record);

}  // namespace lightseed
