// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "gf2/additive_fft/field.h"

namespace lightseed::additive_fft {

/// Index i of a coefficient or point: 4 bits tile, 6 bits row, 6 bits lane. Natural order keeps 64 lanes in a vector;
/// levels 15 … 6 of the transform pair whole vectors then. For levels 5 … 0 the tile is transposed: rows lie in the
/// lanes, and the twiddle, which is linear in the index, is a vector for (tile, level) plus a constant.
struct ByteTables {
  /// Twiddle c0 + c1 w as what multiplication needs, each byte four times: c0, c1 D, c1, c0 + c1.
  struct Constant {
    std::uint32_t c0, c1d, c1, sum;
  };
  std::vector<Constant> blocks;  ///< for levels 15 … 6: 512 blocks
  struct alignas(64) Lanes {
    std::uint8_t c0[64], c1[64];
  };
  std::vector<Lanes> lanes;                      ///< for levels 5 … 0: [tile * 6 + level]
  std::array<std::array<Element, 32>, 6> low{};  ///< [level][lane >> (level + 1)]
  std::uint8_t d = 0;
  Packing packing{};
};

const ByteTables& byte_tables();

}  // namespace lightseed::additive_fft
