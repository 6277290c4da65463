// SPDX-License-Identifier: Apache-2.0
#include "stats/sp800_90b/non_iid/repeat_census.h"

#include <algorithm>

namespace lightseed::sp800_90b {

void RepeatCensus::finish() {
  add(0);
  for (std::size_t i = most_.size(); i-- > 1;)
    most_[i - 1] = std::max(most_[i - 1], most_[i]);
  for (std::size_t i = pairs_.size(); i-- > 1;)
    pairs_[i - 1] += pairs_[i];
}

}  // namespace lightseed::sp800_90b
