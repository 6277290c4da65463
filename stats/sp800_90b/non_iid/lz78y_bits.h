// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "stats/input/bit_string.h"
#include "stats/sp800_90b/non_iid/prediction.h"

namespace lightseed::sp800_90b {

using namespace stats;  // what all batteries share: input, bit strings, histograms

/// lz78y() (lz78y.h) of bits, whose contexts are table indices: no tree is needed.
Prediction lz78y(const BitString& bits);

}  // namespace lightseed::sp800_90b
