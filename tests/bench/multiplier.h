// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gf2/target.h"

namespace lightseed::bench {

/// How fast this core multiplies over GF(2), for the limits of kernels that do little else.
///
/// No table could say: some processors begin a carry-less product every cycle, others every second one, in one unit or
/// in two, and on some of them what moves bytes about goes through the same unit. So it is measured beside the run, on
/// instructions that wait neither for each other nor for memory: no kernel made of them can be faster. A shuffle that
/// has a unit of its own costs such a kernel nothing, and nothing is charged for it.
struct Multiplier {
  double product = 0;       ///< seconds of a carry-less product of the target's width
  double shuffle = 0;       ///< seconds by which each shuffle delays products that surround it
  double byte_product = 0;  ///< seconds of 64 products of bytes (GF2P8MULB); target 512 alone
  double affine_product =
      0;  ///< seconds of 64 products of an 8 x 8 matrix and a byte (GF2P8AFFINEQB); target 512 alone
};

/// All zero for the portable target, and where nobody has written the instructions down.
Multiplier measured_multiplier(Target target);

}  // namespace lightseed::bench
