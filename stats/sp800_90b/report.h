// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "stats/sp800_90b/assessment.h"
#include "stats/sp800_90b/report_tests.h"

namespace lightseed::sp800_90b {

/// One line an estimator: its name, its view, bits per symbol, bits per sample, and which one binds.
std::string table_of(const Assessment& assessment);

/// What the number means, which estimator sets it and what that estimator looks for, and how a claim of
/// `claim` bits per sample compares.
std::string explanation_of(const Assessment& assessment, std::optional<double> claim);

}  // namespace lightseed::sp800_90b
