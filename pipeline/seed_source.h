// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "pipeline/key_stream.h"

namespace lightseed {

/// A seed source that is a run of its own: `second` behind its gate, assessed, extracted with a seed of the operating
/// system's, its bits within 2^log2_epsilon of uniform. Nothing is read before the seed is asked for. `second` must
/// outlive what is returned, and must be independent of the source that keys are made of: nobody can test that.
SeedSource seed_from(Source& second, double log2_epsilon, Assess assess, Patience patience);

/// What such a run is asked for: a seed of so many bytes.
KeyStreamSettings seed_settings(std::uint64_t bytes, double log2_epsilon);

/// How close to uniform the seed of a run within 2^run_log2_epsilon should be: so close that its charge costs nothing
/// that is noticed, and the second source a few more samples.
double seed_log2_epsilon(double run_log2_epsilon) noexcept;

/// Throws Error(refused) unless `second` may give the seed for keys made of `first`: it is another source, one by
/// itself and no pool, and not worse, for evidence of a run names it as a source that is believed.
void require_seed_source(const SourceInfo& second, const SourceInfo& first);

}  // namespace lightseed
