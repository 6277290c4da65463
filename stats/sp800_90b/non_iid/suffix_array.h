// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>

#include "stats/sp800_90b/non_iid/repeat_census.h"

namespace lightseed::sp800_90b {

/// The census by the suffix array and its longest common prefixes: for any data, in a time that does not depend on what
/// repeats. Up to 2^31 - 2 symbols.
RepeatCensus census_by_suffix_array(std::span<const std::uint8_t> symbols);

}  // namespace lightseed::sp800_90b
