// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

#include "entropy/extract/registry.h"

namespace lightseed {

/// The circulant extractor (Foreman, Yeung, Edgington, Curchod, arXiv:2402.09481): with p = n + 1 prime and x padded
/// with one zero, y_i = sum_j x_j s[(i + j) mod p], i < m. A seed of only n + 1 bits, which may be weak.
///
/// The promise holds when 2 is a primitive root modulo p (docs/extractors.md); the map is defined, and made here, for
/// every prime, so that other implementations can be checked. n + 1 prime, 1 <= m <= n. `seed` holds words_for(n + 1)
/// words. Throws Error(usage) when n, m or the seed's length do not fit, Error(refused) when a seed of 64 bits or more
/// is all zero.
std::unique_ptr<Extractor> make_circulant(std::size_t n, std::size_t m, std::span<const std::uint64_t> seed,
                                          Target target = active_target());

/// Plans take the largest n <= block_bits with n + 1 prime and 2 a primitive root of it; the entropy of the bits left
/// over is not used.
ExtractorKind circulant_kind();

}  // namespace lightseed
