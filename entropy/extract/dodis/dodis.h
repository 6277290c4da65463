// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

#include "entropy/extract/registry.h"

namespace lightseed {

/// The two-source extractor of Dodis, Elbaz, Oliveira and Raz (RANDOM 2004) in its cyclic form: y_i = sum_j x_j
/// s[(i + j) mod n], i < m, for two weak, independent strings of n bits, n prime with 2 as a primitive root.
///
/// 1 <= m <= n. `seed` holds words_for(n) words: the second source's string. Throws Error(usage) when n, m or the
/// seed's length do not fit, Error(refused) when a seed of 64 bits or more is all zero.
std::unique_ptr<Extractor> make_dodis(std::size_t n, std::size_t m, std::span<const std::uint64_t> seed,
                                      Target target = active_target());

/// Plans take the largest fitting n <= block_bits; both entropies are counted over n bits only.
ExtractorKind dodis_kind();

}  // namespace lightseed
