// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>

#include "stats/input/bit_string.h"
#include "stats/sp800_90b/estimator.h"
#include "stats/sp800_90b/non_iid/prediction.h"

namespace lightseed::sp800_90b {

using namespace stats;  // what all batteries share: input, bit strings, histograms

/// The lag prediction estimate (SP 800-90B 6.3.8): 128 sub-predictors, each repeating what came d samples ago.
/// `symbols` below `alphabet`, three or more of them.
Prediction lag(std::span<const std::uint8_t> symbols, unsigned alphabet);
Prediction lag(const BitString& bits);

Estimator lag_estimator();

}  // namespace lightseed::sp800_90b
