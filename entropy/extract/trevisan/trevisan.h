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
/// GF(2^128) = GF(2)[z] / (z^128 + z^7 + z^2 + z + 1), or over GF(2^256) = GF(2)[z] / (z^256 + z^10 + z^5 + z^2 + 1)
/// for the finer epsilons.
///
/// Our conventions, l being the field's bits: the input is cut into chunks X_j of l bits, the last one filled up with
/// zeros; the seed bits of set i, in the order of the design, are alpha (l bits) and beta (l bits); output bit i is the
/// parity of p(alpha) AND beta with p(alpha) = sum_j X_j alpha^j.
///
/// The seed's length tells the field: that of the design, and for GF(2^256) 64 bits more, which are not used and keep
/// the lengths apart.

/// Seed bits of m output bits, for a field of 128 or 256 bits.
std::size_t trevisan_seed_bits(std::size_t m, std::size_t field_bits);

/// n >= m >= 1. `seed` holds the words of trevisan_seed_bits(m, field_bits) bits. Throws Error(usage) when n, m, the
/// field or the seed's length do not fit, Error(refused) for an all-zero seed.
std::unique_ptr<Extractor> make_trevisan(std::size_t n, std::size_t m, std::span<const std::uint64_t> seed,
                                         Target target = active_target(), std::size_t field_bits = 128);

/// Plans take the narrow field unless it yields less than half of what the wide one does, or less than is asked for,
/// and refuse an epsilon for which the one-bit code would need a field larger than GF(2^256).
ExtractorKind trevisan_kind();

}  // namespace lightseed
