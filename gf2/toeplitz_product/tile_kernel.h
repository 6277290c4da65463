// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>

#include "gf2/target.h"
#include "gf2/vector128.h"

namespace lightseed::toeplitz {

/// How one instruction set multiplies a square Toeplitz tile by a vector over GF(2).
///
/// A tile of W words (64 W bits) is given by its window t of 2 W words: y_i = sum_j t[64 W + i - j] x_j, t[0] unused.
/// W = w 2^j leaf_words, w odd.
///
/// An even number of leaves goes by halves: three half-size products where the definition has four (Karatsuba). With
/// the windows T0 = t[0..2h), T1 = t[h..3h), T2 = t[2h..4h) of the half size h,
///
///     P = T1 (x0 + x1),   y0 = P + (T0 + T1) x1,   y1 = P + (T1 + T2) x0.
///
/// An odd number w of leaves: counting x's leaves from the end, block (i, j) is the leaf of window i + j, H_(i+j), so
/// that a product H_(i+j) (x_i + x_j) serves the outputs i and j both, and w (w + 1) / 2 products do the work of w^2:
///
///     y_i = (sum over all j of H_(i+j)) x_i + sum over j != i of H_(i+j) (x_i + x_j).
///
/// All sums of windows are sums of the seed; prepare() makes them once and multiply() walks its table in the same
/// order.
struct TileKernel {
  std::size_t leaf_words;
  std::size_t record_words;
  double cycles_per_leaf;  ///< measured, of a leaf product with its share of the rest

  /// Writes one leaf record (record_words) from a window of 2 leaf_words.
  void (*record)(const std::uint64_t* window, std::uint64_t* out);

  /// y = init + tile * x, `words` words each; init null (zero), equal to y, or apart from it. `scratch` holds
  /// 2 `words` words. Time and addresses depend on the sizes only.
  void (*multiply)(const std::uint64_t* table, const std::uint64_t* x, const std::uint64_t* init, std::uint64_t* y,
                   std::size_t words, std::uint64_t* scratch);
};

/// The kernel of a supported target.
const TileKernel& tile_kernel(Target target);

/// Leaf records in the table of a tile of so many leaves: three tables of halves, or the sums for w outputs and the
/// windows 1 … 2w - 3.
constexpr std::size_t table_records(std::size_t leaves) noexcept {
  std::size_t records = 1;
  for (; leaves % 2 == 0; leaves /= 2)
    records *= 3;
  return leaves == 1 ? records : records * (3 * leaves - 3);
}

/// Fills table_records() records from the window of a tile of `words` words. `scratch` holds 2 `words` words.
void prepare(const TileKernel& kernel, const std::uint64_t* window, std::size_t words, std::uint64_t* scratch,
             std::uint64_t* table);

extern const TileKernel kernel_portable;
#if defined(LIGHTSEED_VECTOR128)
extern const TileKernel kernel_128;
#endif
#if defined(__x86_64__)
extern const TileKernel kernel_256;
extern const TileKernel kernel_512;
#endif

}  // namespace lightseed::toeplitz
