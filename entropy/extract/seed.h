#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace lightseed {

/// Checks what can be seen of a seed string of `bits` bits: the exact number of words (Error(usage)) and, from
/// 64 bits on, that it is not all zero (Error(refused)): a uniform seed is so with a chance of 2^-bits.
void require_seed(std::string_view extractor, std::span<const std::uint64_t> seed, std::size_t bits);

}  // namespace lightseed
