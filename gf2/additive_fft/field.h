// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>

namespace lightseed::additive_fft {

/// GF(2^16) = GF(2^8)[w] / (w^2 + w + D), GF(2^8) being the field of GF2P8MULB (z^8 + z^4 + z^3 + z + 1).
/// An element a0 + a1 w is the number a1 << 8 | a0; addition is XOR.
using Element = std::uint16_t;

/// The smallest D for which w^2 + w + D is irreducible.
std::uint8_t extension_constant();

Element multiply(Element a, Element b);

/// Cantor basis: beta_0 = 1, beta_i^2 + beta_i = beta_(i-1), i < 16.
const std::array<Element, 16>& cantor_basis();

/// Sum of beta_(t+1) over the set bits t of `block`, t < 15: the twiddle of a butterfly block.
Element twiddle(std::uint32_t block);

/// A byte of eight binary coefficients as an element: bit j becomes w^j. The powers w^0 … w^15 are a basis, so that
/// the product of two such elements, of degree 14 at most, can be read back. The matrices map bit vectors to bit
/// vectors, in the operand order of GF2P8AFFINEQB (row of output bit i in byte 7 - i).
struct Packing {
  std::uint64_t to_low, to_high;                ///< byte -> a0, a1
  std::uint64_t low_from_low, low_from_high;    ///< a0, a1 -> coefficients 0 … 7
  std::uint64_t high_from_low, high_from_high;  ///< a0, a1 -> coefficients 8 … 15
};
const Packing& packing();

}  // namespace lightseed::additive_fft
