// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "evidence/run_record.h"

namespace lightseed {

/// Recomputes everything in a run's record that follows from something else in it: cut-offs and alarms at the gate,
/// what the measurement's own counts come to, the lower of model and measurement, the plan, epsilon, and how many raw
/// bytes all this takes. `made_bits` is what was made of the extractor's output. One sentence a fault; none when all
/// fits.
std::vector<std::string> run_faults(const RunRecord& record, std::uint64_t made_bits);

}  // namespace lightseed
