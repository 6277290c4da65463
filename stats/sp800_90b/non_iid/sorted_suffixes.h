// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>

#include "stats/input/bit_string.h"
#include "stats/sp800_90b/non_iid/repeat_census.h"

namespace lightseed::sp800_90b {

using namespace stats;  // what all batteries share: input, bit strings, histograms

/// Sorts all suffixes and takes the census of what repeats in them. `symbols` below `alphabet`, up to 2^31 - 2.
///
/// Healthy data are sorted by the 64 bits behind each place: a radix sort without any suffix array. Where too
/// much is equal beyond that (long repeats, low entropy) libdivsufsort takes over, whose time does not depend
/// on what repeats.
RepeatCensus census_of_repeats(std::span<const std::uint8_t> symbols, unsigned alphabet);
RepeatCensus census_of_repeats(const BitString& bits);

}  // namespace lightseed::sp800_90b
