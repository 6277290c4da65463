// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace lightseed::additive_fft {

/// Twiddles of the word engines: for block b of a level, the same for all levels, c in GF(2^128) and c z^64.
struct WordTables {
  static constexpr std::size_t points = 4096;
  std::vector<std::uint64_t> c, c_up;  ///< points / 2 elements of two words each
};

const WordTables& word_tables();

}  // namespace lightseed::additive_fft
