// SPDX-License-Identifier: Apache-2.0
#include "driver/simulated/frame/codes.h"

#include <fmt/format.h>

namespace lightseed::simulated {

SampleFormat format_of_codes(unsigned bits) noexcept {
  if (bits == 1) return {1, 1};
  return {bits, bits > 8 ? 16U : 8U};
}

void refuse_clipping(const Parameters& parameters, std::string_view to_blame, std::span<const double> law) {
  constexpr double most = 0.9;
  const double clipped = law.front() + law.back();
  if (law.size() <= 2 || clipped <= most) return;
  parameters.refuse(to_blame, fmt::format("the converter would clip {:.0f} % of all samples; expected at most {:.0f} %",
                                          100 * clipped, 100 * most));
}

}  // namespace lightseed::simulated
