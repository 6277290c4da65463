// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "entropy/extract/extractor.h"

namespace lightseed {

/// Raw bits a second one thread of this machine extracts, tried for some milliseconds on random input. An
/// orientation for a person who chooses; tests/bench measures properly.
double measured_rate(const Extractor& extractor);

}  // namespace lightseed
