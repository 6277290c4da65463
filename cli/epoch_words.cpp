// SPDX-License-Identifier: Apache-2.0
#include "cli/epoch_words.h"

#include <fmt/format.h>

#include "provision/ledger/epoch.h"

namespace lightseed::cli {

std::string words_of_epoch(std::uint64_t epoch) {
  if (epoch <= 1) return {};
  return fmt::format("the ledger was put back from a copy and is in epoch {}: new orders have ids that begin with '{}'",
                     epoch, order_prefix_of(epoch));
}

}  // namespace lightseed::cli
