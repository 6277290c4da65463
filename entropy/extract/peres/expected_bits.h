// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

namespace lightseed::peres {

/// The mean number of bits Peres' extractor makes of `n` independent bits that are one with probability p.
///
/// A string of n bits has N = floor(n / 2) pairs. 2pq N of them are unequal and give a bit each; the N XORs are bits
/// with probability 2pq of a one; the equal pairs, binomially many, are bits with probability p^2 / (p^2 + q^2):
///
///     E(n, p) = 2pq N + E(N, 2pq) + mean of E(K, p^2 / (p^2 + q^2)) over K ~ Binomial(N, p^2 + q^2)
///
/// Up to 64 bits this is summed exactly. Above, K is replaced by its mean, less half a bit for every second time that K
/// is odd: better than one per cent (a test compares with the extractor itself).
double expected_bits(std::size_t n, double p);

}  // namespace lightseed::peres
