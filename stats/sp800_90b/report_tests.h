// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "stats/sp800_90b/iid/iid_assessment.h"
#include "stats/sp800_90b/restart_test.h"

namespace lightseed::sp800_90b {

/// One line a test of the IID track: its value, its p-value or its counts, and how it came out.
std::string table_of(const IidAssessment& assessment);

/// Whether the samples may be taken as independent and identically distributed, and the min-entropy that follows.
std::string explanation_of(const IidAssessment& assessment);

/// How the restart tests came out and why.
std::string explanation_of(const RestartAssessment& assessment);

}  // namespace lightseed::sp800_90b
