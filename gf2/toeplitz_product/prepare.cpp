// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "gf2/toeplitz_product/tile_kernel.h"

namespace lightseed::toeplitz {

void prepare(const TileKernel& kernel, const std::uint64_t* window, std::size_t words, std::uint64_t* scratch,
             std::uint64_t* table) {
  const std::size_t leaf = kernel.leaf_words;
  const std::size_t leaves = words / leaf;
  if (leaves == 1) return kernel.record(window, table);
  std::uint64_t* const sum = scratch;
  if (leaves % 2 == 0) {
    const std::size_t half = words / 2;
    const std::size_t third = table_records(leaves / 2) * kernel.record_words;
    prepare(kernel, window + half, half, scratch, table);
    for (std::size_t k = 0; k < 2; ++k) {
      for (std::size_t i = 0; i < words; ++i)
        sum[i] = window[k * half + i] ^ window[(k + 1) * half + i];
      prepare(kernel, sum, half, scratch + words, table + (k + 1) * third);
    }
    return;
  }
  for (std::size_t k = 0; k < leaves; ++k, table += kernel.record_words) {
    std::fill_n(sum, 2 * leaf, 0);
    for (std::size_t j = 0; j < leaves; ++j)
      for (std::size_t i = 0; i < 2 * leaf; ++i)
        sum[i] ^= window[(k + j) * leaf + i];
    kernel.record(sum, table);
  }
  for (std::size_t k = 1; k < 2 * leaves - 2; ++k, table += kernel.record_words)
    kernel.record(window + k * leaf, table);
}

}  // namespace lightseed::toeplitz
