// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "gf2/additive_fft/field.h"

namespace lightseed::additive_fft {

/// Twiddles of the byte engine. An index of a point is 7 bits bundle, 3 bits row, 6 bits lane. Levels 15 … 6 pair
/// vectors of 64 points, whose twiddle is one constant. For the levels below, a bundle's eight vectors change places
/// with parts of their lanes (byte_engine_levels-inl.h); then the twiddle, which is linear in the index, is a vector
/// for the level plus a constant.
struct ByteTables {
  /// Twiddle c0 + c1 w as what multiplication needs, each byte four times: c0, c1 D, c1, c0 + c1.
  struct Constant {
    std::uint32_t c0, c1d, c1, sum;
  };
  std::vector<Constant> blocks;  ///< for levels 15 … 6: 512 blocks
  /// For levels 5, 4, 3 and then 2, 1, 0 of a bundle: one constant, two, four.
  std::vector<std::array<std::array<Constant, 7>, 2>> bundles;
  struct alignas(64) Lanes {
    std::uint8_t c0[64], c1d[64], c1[64], sum[64];
  };
  std::array<std::array<Lanes, 3>, 2> lanes{};  ///< for levels 5, 4, 3 and then 2, 1, 0
  std::uint8_t d = 0;
  Packing packing{};
};

const ByteTables& byte_tables();

}  // namespace lightseed::additive_fft
