// SPDX-License-Identifier: Apache-2.0
#include "stats/audit/percent.h"

#include <fmt/format.h>

namespace lightseed::stats {

std::string percent(double share) {
  if (share > 0.99) return share < 1 ? "more than 99 %" : "100 %";
  if (share >= 0.0995) return fmt::format("{:.0f} %", 100 * share);
  if (share >= 1e-5) return fmt::format("{:.2g} %", 100 * share);
  return share > 0 ? "less than 0.001 %" : "0 %";
}

}  // namespace lightseed::stats
