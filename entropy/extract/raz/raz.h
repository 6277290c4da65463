// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

#include "entropy/extract/registry.h"

namespace lightseed {

/// Raz's two-source extractor ("Extractors with weak random seeds", STOC 2005) over GF(2^N), z^N + z^s + 1 irreducible
/// (binary_field.h): the seed (x1, x2) has 2N bits and may be weak, with a little more than half of the entropy it
/// could have; the input y has n <= N bits of any entropy. Output: the low m bits of
///
///     x2 (1 + u + u^2 + … + u^(2^v - 1)),   u = x1 y,   v = bit length of N, plus 1.
///
/// The sample space is the one of Foreman, Wooltorton, Milner and Curchod (arXiv:2506.15547); the sum is (1 + u)^(2^v -
/// 1) in characteristic 2, which takes about 2 log2 v products. 1 <= m <= N.
///
/// shape.seed_bits = 2N says which field; `seed` holds words_for(2N) words, x1 first. Throws Error(usage) when the
/// sizes do not fit or no such field is known, Error(refused) when a seed of 64 bits or more is all zero.
std::unique_ptr<Extractor> make_raz(const ExtractorShape& shape, std::span<const std::uint64_t> seed,
                                    Target target = active_target());

/// log2 of Raz's bound on the distance from uniform of m output bits together with the seed, for a seed of 2 `degree`
/// bits and min-entropy k_seed, an input of min-entropy k, classical side information, and the best even p:
///
///     2^(m/2) 2^((2N - k_seed)/p) (2^(v-N) + (p-1)!! 2^(-p k/2))^(1/p)
///
/// (docs/extractors.md, "Raz"). `most_p` limits p; with 2 it is the bound of an almost two-universal family, which
/// holds against quantum side information as well.
double raz_log2_distance(std::size_t degree, double seed_min_entropy, double min_entropy, double output_bits,
                         std::size_t most_p);

/// Plans take the smallest field that holds a block; a longer block than the largest field is cut down to it.
ExtractorKind raz_kind();

}  // namespace lightseed
