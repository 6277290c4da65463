// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "entropy/extract/run_plan.h"
#include "evidence/source_info.h"
#include "pipeline/key_stream.h"

namespace lightseed {

/// The source's own claim, in bits a sample. Throws Error(refused) when it makes none.
double claim_of(const SourceInfo& info);

/// The blocks of a run whose raw samples have so much min-entropy. Throws Error(refused) when that yields nothing,
/// Error(usage) for settings out of range.
RunPlan planned_run(const KeyStreamSettings& settings, const SampleFormat& format, double bits_per_sample);

/// How many raw samples a KeyStream reads at least, by what the source claims: those that are assessed and those of the
/// blocks. More where the measurement finds less than the claim. Throws as claim_of() and planned_run() do.
std::uint64_t least_raw_samples(const KeyStreamSettings& settings, const SourceInfo& info);

}  // namespace lightseed
