#pragma once

#include <optional>
#include <string>

#include "stats/sp800_90b/assessment.h"

namespace lightseed::sp800_90b {

/// One line an estimator: its name, its view, bits per symbol, bits per sample, and which one binds.
std::string table_of(const Assessment& assessment);

/// What the number means, which estimator sets it and what that estimator looks for, and how a claim of
/// `claim` bits per sample compares.
std::string explanation_of(const Assessment& assessment, std::optional<double> claim);

/// What an estimator looks for, half a sentence: "one value that comes too often".
std::string_view weakness_seen_by(std::string_view id);

}  // namespace lightseed::sp800_90b
