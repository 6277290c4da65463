// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

#include "entropy/extract/registry.h"

namespace lightseed {

/// Trevisan's extractor (De, Portmann, Vidick, Renner, SIAM J. Comput. 41 (2012) 915; Mauerer, Portmann, Scholz,
/// arXiv:1212.0520) with the block weak design (weak_design.h) and the Reed-Solomon-Hadamard one-bit code over
/// GF(2^128) = GF(2)[z] / (z^128 + z^7 + z^2 + z + 1).
///
/// Our conventions: the input is cut into chunks X_j of 128 bits, the last one filled up with zeros; the seed bits of
/// set i, in the order of the design, are alpha (128 bits) and beta (128 bits); output bit i is the parity of
/// p(alpha) AND beta with p(alpha) = sum_j X_j alpha^j.
///
/// n >= m >= 1. `seed` holds words_for(WeakDesign(m).seed_bits()) words. Throws Error(usage) when n, m or the
/// seed's length do not fit, Error(refused) for an all-zero seed.
std::unique_ptr<Extractor> make_trevisan(std::size_t n, std::size_t m, std::span<const std::uint64_t> seed,
                                         Target target = active_target());

/// Plans refuse an epsilon for which the one-bit code would need a field larger than GF(2^128).
ExtractorKind trevisan_kind();

}  // namespace lightseed
