// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>

namespace lightseed::stats {

/// p of how often each class came against what is expected of it: chi-square, one degree of freedom less than classes.
/// Both lists have the same length; each probability is above 0.
double classes_p(std::span<const std::uint64_t> seen, std::span<const double> probabilities);

}  // namespace lightseed::stats
