// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "stats/input/bit_string.h"
#include "stats/sp800_90b/non_iid/prediction.h"

namespace lightseed::sp800_90b {

using namespace stats;  // what all batteries share: input, bit strings, histograms

/// multi_mmc() (multi_mmc.h) of bits, up to 2^29 of them, whose contexts are table indices: no tree is needed.
Prediction multi_mmc(const BitString& bits, bool as_written = false);

}  // namespace lightseed::sp800_90b
