// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "pipeline/key_stream.h"

namespace lightseed {

/// A seed source that is a run of its own: `second` behind its gate, assessed, extracted with a seed of the operating
/// system's, its bits within 2^log2_epsilon of uniform. Nothing is read before the seed is asked for. `second` must
/// outlive what is returned, and must be independent of the source that keys are made of: nobody can test that.
SeedSource seed_from(Source& second, double log2_epsilon, Assess assess, Patience patience);

}  // namespace lightseed
