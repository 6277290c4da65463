// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "core/sample_format.h"
#include "evidence/health_record.h"

namespace lightseed::health {

/// Recomputes what follows from something else in a gate's record: cut-offs and true rates of SP 800-90B's two tests
/// from the claim and alpha, start-up tests from recoveries and alarms, and whether so many alarms can be chance: after
/// the one that makes the failure persistent a gate has to stay closed. Whether it may be closed at the end is the
/// caller's to know. Alpha must lie in the standard's range. `claim` is what the source's samples are credited with,
/// bits a sample. Returns one sentence a fault; none when all fits.
std::vector<std::string> faults_of(const HealthRecord& record, double claim, const SampleFormat& format);

}  // namespace lightseed::health
