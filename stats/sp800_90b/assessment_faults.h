#pragma once

#include <string>
#include <vector>

#include "core/json.h"

namespace lightseed::sp800_90b {

/// Recomputes everything in a to_json(Assessment) or to_json(IidAssessment) that follows from something else in it:
/// each estimate from its counts, the views' results from the estimates, a track's verdict from its tests. What only
/// the data can say (the counts themselves, a largest probability) is taken as stated. Returns one sentence a fault;
/// none when all fits. Throws Json::exception where a member is missing or of the wrong type.
std::vector<std::string> faults_of_assessment(const Json& assessment);

}  // namespace lightseed::sp800_90b
