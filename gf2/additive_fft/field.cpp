// SPDX-License-Identifier: Apache-2.0
#include "gf2/additive_fft/field.h"

#include <cstddef>
#include <utility>

namespace lightseed::additive_fft {
namespace {

std::uint8_t multiply_bytes(std::uint8_t a, std::uint8_t b) {
  unsigned product = 0;
  for (unsigned i = 0; i < 8; ++i)
    product ^= (b >> i & 1U) * (static_cast<unsigned>(a) << i);
  for (unsigned i = 14; i >= 8; --i)
    product ^= (product >> i & 1U) * (0x11bU << (i - 8));
  return static_cast<std::uint8_t>(product);
}

std::uint8_t find_extension_constant() {
  for (unsigned d = 1;; ++d) {
    bool has_root = false;
    for (unsigned y = 0; y < 256; ++y)
      has_root = has_root || (multiply_bytes(static_cast<std::uint8_t>(y), static_cast<std::uint8_t>(y)) ^ y) == d;
    if (!has_root) return static_cast<std::uint8_t>(d);
  }
}

std::array<Element, 16> find_cantor_basis() {
  std::array<Element, 16> basis{1};
  for (std::size_t i = 1; i < basis.size(); ++i) {
    Element y = 2;  // 0 and 1 solve for 0 only
    while ((multiply(y, y) ^ y) != basis[i - 1])
      ++y;
    basis[i] = y;
  }
  return basis;
}

/// Operand of GF2P8AFFINEQB for the 8 x 8 block of a 16 x 16 bit matrix, given by its columns, at (row, column).
std::uint64_t affine_block(const std::array<Element, 16>& columns, unsigned row, unsigned column) {
  std::uint64_t operand = 0;
  for (unsigned i = 0; i < 8; ++i)
    for (unsigned j = 0; j < 8; ++j)
      operand |= static_cast<std::uint64_t>(columns[column + j] >> (row + i) & 1) << (8 * (7 - i) + j);
  return operand;
}

/// Columns of the inverse, by elimination.
std::array<Element, 16> inverse(std::array<Element, 16> columns) {
  std::array<Element, 16> result{};
  for (unsigned j = 0; j < 16; ++j)
    result[j] = static_cast<Element>(1U << j);
  for (unsigned i = 0; i < 16; ++i) {
    unsigned pivot = i;
    while ((columns[pivot] >> i & 1) == 0)
      ++pivot;
    std::swap(columns[i], columns[pivot]);
    std::swap(result[i], result[pivot]);
    for (unsigned j = 0; j < 16; ++j) {
      if (j != i && (columns[j] >> i & 1) != 0) {
        columns[j] ^= columns[i];
        result[j] ^= result[i];
      }
    }
  }
  return result;
}

}  // namespace

std::uint8_t extension_constant() {
  static const std::uint8_t d = find_extension_constant();
  return d;
}

Element multiply(Element a, Element b) {
  const auto a0 = static_cast<std::uint8_t>(a), a1 = static_cast<std::uint8_t>(a >> 8);
  const auto b0 = static_cast<std::uint8_t>(b), b1 = static_cast<std::uint8_t>(b >> 8);
  const std::uint8_t high = multiply_bytes(a1, b1);
  const unsigned c0 = multiply_bytes(a0, b0) ^ static_cast<unsigned>(multiply_bytes(high, extension_constant()));
  const unsigned c1 = static_cast<unsigned>(multiply_bytes(a0, b1)) ^ multiply_bytes(a1, b0) ^ high;
  return static_cast<Element>(c1 << 8 | c0);
}

const std::array<Element, 16>& cantor_basis() {
  static const std::array<Element, 16> basis = find_cantor_basis();
  return basis;
}

Element twiddle(std::uint32_t block) {
  Element sum = 0;
  for (unsigned t = 0; t < 15; ++t)
    if ((block >> t & 1) != 0) sum ^= cantor_basis()[t + 1];
  return sum;
}

const Packing& packing() {
  static const Packing result = [] {
    std::array<Element, 16> powers{1};
    for (std::size_t j = 1; j < powers.size(); ++j)
      powers[j] = multiply(powers[j - 1], 0x0100);
    const std::array<Element, 16> back = inverse(powers);
    return Packing{affine_block(powers, 0, 0), affine_block(powers, 8, 0), affine_block(back, 0, 0),
                   affine_block(back, 0, 8),   affine_block(back, 8, 0),   affine_block(back, 8, 8)};
  }();
  return result;
}

}  // namespace lightseed::additive_fft
