// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>

#include "stats/input/bit_string.h"
#include "stats/sequence/smooth_spectrum.h"

namespace lightseed::stats {

/// How many of the first n/2 Fourier coefficients of n bits, taken as +1 and -1, are small (SP 800-22 2.6).
///
/// A single coefficient on the wrong side of the threshold changes the printed p, and the nearest of a million is some
/// 1e-6 away from it. Most are far away, and for these single precision, which takes half the time, is enough: the few
/// that it leaves in doubt are computed one by one in double precision. Sequences whose spectrum has lines, and long
/// ones, are transformed in double precision. Lengths whose half has a prime factor above 5 go by Bluestein's
/// convolution.
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
  std::size_t n_;
  bool smooth_;
  std::unique_ptr<const SmoothSpectrum<float>> single_;
  mutable std::once_flag double_made_{};
  mutable std::unique_ptr<const SmoothSpectrum<double>> double_{};
};

}  // namespace lightseed::stats
