// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>

#include "evidence/calibration_record.h"

namespace lightseed::calibration {

/// Gauss's bell behind a converter whose code c stands for signals from c - 1/2 to c + 1/2, the first and the last code
/// for all beyond. Everything in codes.

/// The variance of the signal whose codes have this level's mean and variance: what the converter cut off is put back.
double unclipped_variance(const CalibrationLevel& level, unsigned bits);

/// What is left of a stationary process once its past is known: the variance of what no linear predictor knows, from
/// autocovariances of lags 0 to 32. 0 where they are those of no process.
double innovation_variance(const std::array<double, calibration_lags + 1>& autocovariance);

/// A fresh part ~ N(0, fresh), and a known one ~ N(middle, known) that an adversary sees.
struct KnownSignal {
  double middle = 0;
  double known = 0;  ///< variance
  double fresh = 0;  ///< variance
  unsigned bits = 8;
};

/// E over the known part of the probability of the likeliest code.
double average_guess(const KnownSignal& signal);
/// The probability of the likeliest code while the known part is within `bound` standard deviations.
double worst_guess(const KnownSignal& signal, double bound);

/// The rate at which runs of one end code get less likely, a sample: a signal with memory that is beyond the converter
/// tends to stay there. The quantum part has the variance `quantum` and the correlation `memory` from sample to sample,
/// the noise added to it the variance `noise`. 0 where no run comes about.
double run_guess(double middle, double quantum, double memory, double noise, unsigned bits);

}  // namespace lightseed::calibration
