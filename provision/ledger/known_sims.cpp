// SPDX-License-Identifier: Apache-2.0
#include "provision/ledger/known_sims.h"

#include <algorithm>

namespace lightseed {

bool KnownSims::add(const std::string& iccid) {
  constexpr std::size_t most_named = 5;
  if (count++ >= most_named) return false;
  iccids.push_back(iccid);
  return true;
}

void KnownSims::name_batch(const std::string& batch) {
  if (std::ranges::find(batches, batch) == batches.end()) batches.push_back(batch);
}

}  // namespace lightseed
