// SPDX-License-Identifier: Apache-2.0
#include "gf2/additive_fft/byte_tables.h"

#include <cstddef>

namespace lightseed::additive_fft {
namespace {

std::uint32_t four(unsigned byte) {
  return byte * 0x01010101U;
}

ByteTables make_tables() {
  ByteTables t;
  t.d = extension_constant();
  t.packing = packing();
  for (std::uint32_t b = 0; b < 512; ++b) {
    const Element c = twiddle(b);
    const unsigned c0 = c & 0xff, c1 = c >> 8;
    const unsigned c1d = multiply(static_cast<Element>(c1), t.d);
    t.blocks.push_back({four(c0), four(c1d), four(c1), four(c0 ^ c1)});
  }
  for (std::uint32_t tile = 0; tile < 16; ++tile) {
    for (std::uint32_t level = 0; level < 6; ++level) {
      ByteTables::Lanes lanes;
      for (std::uint32_t row = 0; row < 64; ++row) {
        const Element c = twiddle((tile << 12 | row << 6) >> (level + 1));
        lanes.c0[row] = static_cast<std::uint8_t>(c);
        lanes.c1[row] = static_cast<std::uint8_t>(c >> 8);
      }
      t.lanes.push_back(lanes);
    }
  }
  for (std::uint32_t level = 0; level < 6; ++level)
    for (std::uint32_t block = 0; block < 32U >> level; ++block)
      t.low[level][block] = twiddle(block);
  return t;
}

}  // namespace

const ByteTables& byte_tables() {
  static const ByteTables all = make_tables();
  return all;
}

}  // namespace lightseed::additive_fft
