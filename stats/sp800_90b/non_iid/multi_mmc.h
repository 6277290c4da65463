// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>

#include "stats/sp800_90b/estimator.h"
#include "stats/sp800_90b/non_iid/multi_mmc_bits.h"
#include "stats/sp800_90b/non_iid/prediction.h"

namespace lightseed::sp800_90b {

/// The shortest input multi_mmc and lz78y take: contexts of 16 symbols and two samples behind them.
inline constexpr std::size_t context_minimum = 18;

/// The multi Markov model with counting prediction estimate (SP 800-90B 6.3.9): 16 sub-predictors, each naming
/// what followed the last d symbols most often, the greatest symbol of equals; at most 100000 pairs of context
/// and next symbol for each d. `symbols` below `alphabet`; at least context_minimum of them.
///
/// Where the leading sub-predictor has never seen its context it predicts nothing. By the text (step 4d) that is a
/// wrong prediction and ends a run of right ones; NIST's tool lets the run go on, and so do we unless `as_written`.
Prediction multi_mmc(std::span<const std::uint8_t> symbols, unsigned alphabet, bool as_written = false);

Estimator multi_mmc_estimator();

}  // namespace lightseed::sp800_90b
