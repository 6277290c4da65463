// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string_view>

#include "core/sample_format.h"
#include "driver/simulated/frame/parameters.h"

namespace lightseed::simulated {

/// How codes of `bits` (1 to 16) are stored: single bits packed, others in the smallest container.
SampleFormat format_of_codes(unsigned bits) noexcept;

/// A converter whose end codes take more than 90 % of all samples is misadjusted: throws Error(usage) naming the
/// parameter to blame. `law` gives the codes' probabilities; two codes are all ends, and pass.
void refuse_clipping(const Parameters& parameters, std::string_view to_blame, std::span<const double> law);

}  // namespace lightseed::simulated
