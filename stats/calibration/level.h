// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>

#include "evidence/calibration_record.h"

namespace lightseed::calibration {

/// Moments and autocovariances of samples of `bits` bits that were taken at `power`, in the order they came; at least
/// 1,024 of them, else Error(not_enough_data).
CalibrationLevel level_of(std::span<const std::uint16_t> samples, unsigned bits, double power);

/// Standard deviations by which a level's mean and variance are off. Samples with memory count as fewer independent
/// ones: the mean by 1 + 2 sum of r_k, the variance by 1 + 2 sum of r_k^2 (Bartlett), over the lags that stand out.
double error_of_mean(const CalibrationLevel& level);
double error_of_variance(const CalibrationLevel& level);

/// The strongest correlation of any lag, in standard deviations of one of independent samples.
double strongest_correlation(const CalibrationLevel& level);

}  // namespace lightseed::calibration
