// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

#include "entropy/extract/registry.h"

namespace lightseed {

/// The modified Toeplitz extractor (T' | I), the default: y = x[n-m..n-1] xor T' x[0..n-m-1] with
/// T'[i][j] = t[(n-m) + i - j] (Hayashi and Tsurumaru, arXiv:1311.5322). Two-universal without conditions, at half the
/// cost of a full Toeplitz matrix for m = n/2 and a tenth for m = 0.9 n.
///
/// `n` > `m` >= 1, any number of bits; multiples of 64 are the fast path, multiples of 1024 the fastest.
/// `seed` holds words_for(n) words in native diagonal order: bit i is t[i], i = 1 … n-1; bit 0 is not used.
/// Throws Error(usage) when n, m or the seed's length do not fit, Error(refused) when a seed of 64 bits or more is
/// all zero.
std::unique_ptr<Extractor> make_modified_toeplitz(std::size_t n, std::size_t m, std::span<const std::uint64_t> seed,
                                                  Target target = active_target());

ExtractorKind modified_toeplitz_kind();

}  // namespace lightseed
