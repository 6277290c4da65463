// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>

#include "stats/input/bit_string.h"

namespace lightseed::stats {

struct SpectrumTables;

/// How many of the first n/2 Fourier coefficients of n bits, taken as +1 and -1, are small (SP 800-22 2.6).
///
/// In double precision throughout: a single coefficient on the wrong side of the threshold changes the printed p, and
/// the nearest of a million is some 1e-6 away from it. Lengths whose half has no prime factor above 5 go by Stockham's
/// transform in two steps (Bailey, "FFTs in external or hierarchical memory", 1990), eight columns at a time; others by
/// Bluestein's convolution.
class Spectrum {
 public:
  /// Prepares tables for sequences of `n` bits, n >= 2. Several threads may count with one of them.
  explicit Spectrum(std::size_t n);
  ~Spectrum();
  Spectrum(const Spectrum&) = delete;
  Spectrum& operator=(const Spectrum&) = delete;

  /// Coefficients 0 … n/2 - 1 whose squared magnitude is below `threshold`. `bits` has n of them.
  [[nodiscard]] std::uint64_t below(const BitString& bits, double threshold) const;

 private:
  std::unique_ptr<const SpectrumTables> tables_;
};

}  // namespace lightseed::stats
