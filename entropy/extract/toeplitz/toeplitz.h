// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

#include "entropy/extract/registry.h"

namespace lightseed {

/// The full Toeplitz extractor: y_i = sum_j t[n + i - j] x_j over GF(2), i < m (Krawczyk, CRYPTO '94; two-universal).
///
/// n >= m >= 1, any number of bits. `seed` holds words_for(n + m) words in native diagonal order; bit 0 is not used.
/// Throws Error(usage) when n, m or the seed's length do not fit, Error(refused) when a seed of 64 bits or more is
/// all zero.
std::unique_ptr<Extractor> make_toeplitz(std::size_t n, std::size_t m, std::span<const std::uint64_t> seed,
                                         Target target = active_target());

ExtractorKind toeplitz_kind();

}  // namespace lightseed
