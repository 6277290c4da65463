// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "evidence/gate_record.h"
#include "evidence/source_info.h"

namespace lightseed {

/// Judges again what happened at a run's gate or gates (stats/health/record_faults.h), and whether that fits its
/// source: the samples admitted are the `samples` the run has used, the gate is open at the end, a test that a kind of
/// source brings is judged by that kind's rule, and a pool's members are those its source names, each judged by its own
/// claim. Certificates of pools from before members had gates on record have one record for all. One sentence a fault.
/// Throws Error(malformed) for a pool that names no members.
std::vector<std::string> gate_faults(const GateRecord& record, const SourceInfo& source, std::uint64_t samples);

}  // namespace lightseed
