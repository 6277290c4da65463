// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>

#include "stats/sp800_90b/estimator.h"
#include "stats/sp800_90b/non_iid/lz78y_bits.h"
#include "stats/sp800_90b/non_iid/prediction.h"

namespace lightseed::sp800_90b {

/// The LZ78Y prediction estimate (SP 800-90B 6.3.10): a dictionary of at most 65536 contexts of 1 to 16 symbols;
/// of all contexts that match, the one whose likeliest successor came most often predicts, the longest of equals.
/// `symbols` below `alphabet`; at least 18 of them.
Prediction lz78y(std::span<const std::uint8_t> symbols, unsigned alphabet);

Estimator lz78y_estimator();

}  // namespace lightseed::sp800_90b
