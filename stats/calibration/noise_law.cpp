// SPDX-License-Identifier: Apache-2.0
#include "stats/calibration/noise_law.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/error.h"

namespace lightseed::calibration {

void require_fit(const char* what, double misfit, unsigned freedom) {
  // Chi squared of so many degrees of freedom is above it once in some 10^9 calibrations.
  const double most = freedom + 9 * std::sqrt(2.0 * freedom) + 20;
  if (misfit <= most) return;
  throw Error(Category::verdict,
              fmt::format("{} do not follow the law they should: chi squared is {:.4g} with {} degrees of freedom, at "
                          "most {:.4g} expected. The converter clips, the light's power is not what was set, or "
                          "something drifts",
                          what, misfit, freedom, most));
}

double marginal_of(const CalibrationReference& reference) {
  const auto most = std::max_element(reference.counts.begin(), reference.counts.end());
  return -std::log2(static_cast<double>(*most) / static_cast<double>(reference.samples));
}

double most_ends(const CalibrationLevel& level, double bound) {
  const auto count = static_cast<double>(level.samples);
  return level.ends + bound * std::sqrt(level.ends / count) + bound * bound / count;
}

}  // namespace lightseed::calibration
