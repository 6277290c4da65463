// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

namespace lightseed {

/// How much of an order is held in memory; what is more lies in a temporary file (TMPDIR, or /var/tmp). An order of up
/// to a million SIMs, which may become one batch, needs no such file.
struct OrderMemory {
  std::size_t lines = std::size_t{1} << 20;    ///< of an order without such a file, 64 bytes each
  std::size_t piece = std::size_t{1} << 14;    ///< lines that are written and read at once, > 0
  std::size_t numbers = std::size_t{1} << 21;  ///< looked through for duplicates at once, 32 bytes each, > 1
};

}  // namespace lightseed
