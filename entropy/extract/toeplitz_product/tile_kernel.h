#pragma once

#include <cstddef>
#include <cstdint>

#include "entropy/extract/target.h"

namespace lightseed::toeplitz {

/// How one instruction set multiplies a square Toeplitz tile by a vector over GF(2).
///
/// A tile of W words (64 W bits) is given by its window t of 2 W words: y_i = sum_j t[64 W + i - j] x_j, t[0] unused.
/// W = leaf_words * 2^levels. prepare() turns a window into a table of 3^levels leaf records, once a seed;
/// multiply() then needs three half-size products where the definition has four (Karatsuba): with the
/// windows T0 = t[0..2h), T1 = t[h..3h), T2 = t[2h..4h) of the half size h,
///
///     P = T1 (x0 + x1),   y0 = P + (T0 + T1) x1,   y1 = P + (T1 + T2) x0,
///
/// and all sums of windows are sums of the seed, made by prepare().
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

extern const TileKernel kernel_portable;
#if defined(__x86_64__)
extern const TileKernel kernel_128;
extern const TileKernel kernel_256;
extern const TileKernel kernel_512;
#endif

}  // namespace lightseed::toeplitz
