// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

#include "entropy/extract/registry.h"

namespace lightseed {

/// A random m x n matrix over GF(2), as the Quantis extension library uses: y_i = parity(row i AND x).
///
/// n a multiple of 64, n >= m >= 1. `seed` holds the m rows of n/64 words one after another; as a file, little-endian
/// words, which is the Quantis matrix file. For compatibility: a Toeplitz matrix is as good and several times faster.
/// Throws Error(usage) when n, m or the seed's length do not fit, Error(refused) when the seed is all zero.
/// 512-bit kernel: GF2P8AFFINEQB, 64 blocks at once (extract_blocks).
std::unique_ptr<Extractor> make_dense(std::size_t n, std::size_t m, std::span<const std::uint64_t> seed,
                                      Target target = active_target());

ExtractorKind dense_kind();

}  // namespace lightseed
