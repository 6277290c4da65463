// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "stats/input/histogram.h"

namespace lightseed::stats {

/// What John Walker's `ent` says of a file of bytes, gathered piece by piece.
struct ByteSummary {
  Histogram counts{};
  std::uint64_t bytes = 0;
  std::uint64_t products = 0;  ///< of neighbours
  std::uint64_t points = 0;    ///< of six bytes each, in a square
  std::uint64_t inside = 0;    ///< of them, inside the quarter circle
  unsigned first = 0;          ///< the first byte
  unsigned last = 0;           ///< and the last

  /// Bits a byte (Shannon, of single bytes).
  [[nodiscard]] double entropy() const;
  /// Against equal frequencies, 255 degrees of freedom.
  [[nodiscard]] double chi_square() const;
  [[nodiscard]] double mean() const;
  /// From the points; 0 where there are none.
  [[nodiscard]] double pi() const;
  /// Of each byte with the next one, the last with the first; nothing to say of equal bytes: 1.
  [[nodiscard]] double serial_correlation() const;
};

ByteSummary summary_of(std::span<const std::byte> bytes);

/// `next` comes behind `summary`, which has a multiple of six bytes.
void append(ByteSummary& summary, const ByteSummary& next);

}  // namespace lightseed::stats
