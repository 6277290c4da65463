// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "evidence/assessment_record.h"

namespace lightseed::sp800_90b {

/// Recomputes everything in a record that follows from something else in it: each estimate from its counts, the views'
/// results from the estimates, whether they are all there, a track's verdict from its tests. What only the data can say
/// (the counts themselves, a largest probability) is taken as stated where data of that shape could give it. Returns
/// one sentence a fault; none when all fits.
std::vector<std::string> faults_of_assessment(const AssessmentRecord& assessment);

}  // namespace lightseed::sp800_90b
