// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "stats/input/bit_string.h"

namespace lightseed::stats {

/// The length of the shortest linear feedback shift register that makes each whole block of `block` bits, 1 to 30000.
///
/// Berlekamp and Massey's algorithm (Massey, "Shift-register synthesis and BCH decoding", 1969) on 256 blocks at once:
/// lane l of every word belongs to block l, so that the exclusive-ors of one block's polynomial become those of 256.
/// What differs from lane to lane, whether the discrepancy is one and whether the polynomials change places, is a mask.
std::vector<std::uint32_t> linear_complexities(const BitString& bits, std::size_t block);

}  // namespace lightseed::stats
