#pragma once

#include <string>
#include <vector>

#include "stats/sp800_90b/assessment.h"
#include "stats/sp800_90b/non_iid/collision.h"
#include "stats/sp800_90b/non_iid/compression.h"
#include "stats/sp800_90b/non_iid/markov.h"
#include "stats/sp800_90b/non_iid/most_common_value.h"
#include "stats/sp800_90b/non_iid/prediction.h"
#include "stats/sp800_90b/non_iid/repeat_census.h"

namespace lightseed::sp800_90b {

/// Each estimator's result with its numbers under the names that JSON has; the view is the caller's.
std::vector<Estimate> report(const MostCommonValue& x);
std::vector<Estimate> report(const Collision& x);
std::vector<Estimate> report(const Markov& x);
std::vector<Estimate> report(const Compression& x);

/// t-tuple and lrs, of a census of `length` symbols.
std::vector<Estimate> report(const RepeatCensus& census, std::size_t length);

/// The four predictors, by id.
std::vector<Estimate> report(std::string id, const Prediction& x);

}  // namespace lightseed::sp800_90b
