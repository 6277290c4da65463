// SPDX-License-Identifier: Apache-2.0
#include "provision/ledger/epoch.h"

#include <fmt/format.h>

#include "core/error.h"

namespace lightseed {

std::string order_prefix_of(std::uint64_t epoch) {
  return epoch <= 1 ? std::string() : fmt::format("e{}.", epoch);
}

void require_order_of(std::uint64_t epoch, std::string_view order_id) {
  const std::string prefix = order_prefix_of(epoch);
  if (order_id.starts_with(prefix)) return;
  throw Error(
      Category::refused,
      fmt::format("the ledger was put back from a copy and is in epoch {}: it does not know whether order {} was "
                  "issued since that copy. See that its SIMs got no keys then, and give it an id that begins "
                  "with '{}'",
                  epoch, order_id, prefix));
}

}  // namespace lightseed
