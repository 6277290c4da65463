// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "gf2/target.h"

namespace lightseed {

/// Turns the first `bits` bits of `words` round; the rest of the last word must be and stays zero.
void reverse_bits(std::span<std::uint64_t> words, std::size_t bits, Target target) noexcept;

}  // namespace lightseed
