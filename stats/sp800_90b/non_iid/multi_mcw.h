// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>

#include "stats/input/bit_string.h"
#include "stats/sp800_90b/estimator.h"
#include "stats/sp800_90b/non_iid/prediction.h"

namespace lightseed::sp800_90b {

using namespace stats;  // what all batteries share: input, bit strings, histograms

/// The shortest input multi_mcw takes: the longest window and one sample to predict.
inline constexpr std::size_t multi_mcw_minimum = 4096;

/// The most-common-in-window prediction estimate (SP 800-90B 6.3.7): four sub-predictors that name the most
/// frequent of the last 63, 255, 1023 and 4095 samples, the most recent one of equals.
/// `symbols` below `alphabet`; at least multi_mcw_minimum of them.
Prediction multi_mcw(std::span<const std::uint8_t> symbols, unsigned alphabet);
Prediction multi_mcw(const BitString& bits);

Estimator multi_mcw_estimator();

}  // namespace lightseed::sp800_90b
