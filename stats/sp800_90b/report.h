#pragma once

#include <optional>
#include <string>

#include "stats/sp800_90b/assessment.h"
#include "stats/sp800_90b/iid/iid_assessment.h"
#include "stats/sp800_90b/restart_test.h"

namespace lightseed::sp800_90b {

/// One line an estimator: its name, its view, bits per symbol, bits per sample, and which one binds.
std::string table_of(const Assessment& assessment);

/// What the number means, which estimator sets it and what that estimator looks for, and how a claim of
/// `claim` bits per sample compares.
std::string explanation_of(const Assessment& assessment, std::optional<double> claim);

/// One line a test of the IID track: its value, its p-value or its counts, and how it came out.
std::string table_of(const IidAssessment& assessment);

/// Whether the samples may be taken as independent and identically distributed, and the min-entropy that follows.
std::string explanation_of(const IidAssessment& assessment);

/// How the restart tests came out and why.
std::string explanation_of(const RestartAssessment& assessment);

/// What an estimator looks for, half a sentence: "one value that comes too often".
std::string_view weakness_seen_by(std::string_view id);

}  // namespace lightseed::sp800_90b
