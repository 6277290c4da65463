// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>

namespace lightseed::simulated {

/// The faults of a JSON file as the text a FaultSchedule reads (docs/models.md):
///
///   {"schema": "lightseed/faults/v1",
///    "faults": [{"fault": "dc_drift", "start": 1000, "duration": 5000, "ramp": 2000, "magnitude": 0.3}]}
///
/// All but `fault` may be left out; `seed` is for the faults that draw of their own. What may stand there is the
/// schedule's to judge. Throws Error(io), and Error(malformed) naming the file and the member.
std::string fault_text_of(const std::filesystem::path& file);

}  // namespace lightseed::simulated
