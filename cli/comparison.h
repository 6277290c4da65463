// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "core/json.h"
#include "stats/sp800_90b/assessment.h"

namespace lightseed::cli {

/// Two assessments side by side: a line for each estimate that either has, and their results, with the difference, in
/// bits a sample. Names of files stand below, because they may be long.
std::string comparison_table(const sp800_90b::Assessment& one, const sp800_90b::Assessment& other,
                             const std::string& first, const std::string& second);

/// `{"min_entropy":[…,…],"difference":…,"estimators":[{"id":…,"data":…,"min_entropy":[…,…],"difference":…}]}`, the
/// second less the first; null where an estimator did not run.
Json comparison_json(const sp800_90b::Assessment& one, const sp800_90b::Assessment& other);

}  // namespace lightseed::cli
