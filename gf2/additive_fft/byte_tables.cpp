// SPDX-License-Identifier: Apache-2.0
#include "gf2/additive_fft/byte_tables.h"

#include <cstddef>

namespace lightseed::additive_fft {
namespace {

std::uint32_t four(unsigned byte) {
  return byte * 0x01010101U;
}

ByteTables::Constant constant_of(std::uint32_t block) {
  const Element c = twiddle(block);
  const unsigned c0 = c & 0xff, c1 = c >> 8;
  const unsigned c1d = multiply(static_cast<Element>(c1), extension_constant());
  return {four(c0), four(c1d), four(c1), four(c0 ^ c1)};
}

/// Bits of a lane's number from high to low: the row's bits 1 and 2, then bit 0 of it and three bits of the lane it
/// was, whose places depend on which levels are taken.
std::uint32_t row_of(std::uint32_t lane, unsigned place_of_bit_0) {
  return (lane >> 4 & 1) << 2 | (lane >> 5 & 1) << 1 | (lane >> place_of_bit_0 & 1);
}

ByteTables make_tables() {
  ByteTables t;
  t.d = extension_constant();
  t.packing = packing();
  for (std::uint32_t b = 0; b < 512; ++b)
    t.blocks.push_back(constant_of(b));
  t.bundles.resize(128);
  for (std::uint32_t bundle = 0; bundle < 128; ++bundle) {
    for (std::uint32_t level = 0; level < 3; ++level) {
      for (std::uint32_t block = 0; block < 1U << level; ++block) {
        const std::uint32_t place = (1U << level) - 1 + block;
        t.bundles[bundle][0][place] = constant_of(bundle << (3 + level) | block);
        t.bundles[bundle][1][place] = constant_of(bundle << (6 + level) | block);
      }
    }
  }
  for (std::uint32_t level = 0; level < 3; ++level) {
    for (std::uint32_t lane = 0; lane < 64; ++lane) {
      const std::uint32_t upper_lane_bits = (lane >> 2 & 1) << 2 | (lane >> 1 & 1) << 1 | (lane >> 3 & 1);
      const std::uint32_t block[2] = {row_of(lane, 3) << level, (row_of(lane, 0) << 3 | upper_lane_bits) << level};
      for (std::size_t three = 0; three < 2; ++three) {
        const ByteTables::Constant c = constant_of(block[three]);
        ByteTables::Lanes& lanes = t.lanes[three][level];
        lanes.c0[lane] = static_cast<std::uint8_t>(c.c0);
        lanes.c1d[lane] = static_cast<std::uint8_t>(c.c1d);
        lanes.c1[lane] = static_cast<std::uint8_t>(c.c1);
        lanes.sum[lane] = static_cast<std::uint8_t>(c.sum);
      }
    }
  }
  return t;
}

}  // namespace

const ByteTables& byte_tables() {
  static const ByteTables all = make_tables();
  return all;
}

}  // namespace lightseed::additive_fft
