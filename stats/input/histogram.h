// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <span>

namespace lightseed::stats {

/// How often each byte value comes.
using Histogram = std::array<std::uint64_t, 256>;

/// Counts bytes.
Histogram histogram(std::span<const std::uint8_t> bytes);

}  // namespace lightseed::stats
