// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace lightseed::sp800_90b {

/// The share of each symbol below `alphabet`, added up one sample at a time as NIST's tool does. The rounding
/// matters: it decides the order among products that are equal on paper, and with it who shares a bin of a
/// chi-square test; and raised to the length of a repeat it reaches the tenth digit.
std::vector<double> shares_of(std::span<const std::uint8_t> symbols, unsigned alphabet);

}  // namespace lightseed::sp800_90b
