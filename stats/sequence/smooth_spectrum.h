// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "stats/input/bit_string.h"

namespace lightseed::stats {

template <typename Real>
struct SpectrumTables;

/// What a look at the Fourier coefficients 0 … n/2 - 1 of n bits found.
struct SpectralCount {
  std::uint64_t below = 0;             ///< coefficients whose squared magnitude is below the first threshold
  std::vector<std::size_t> between{};  ///< those that are not, but below the second
  double largest = 0;                  ///< of all squared magnitudes but that of coefficient 0
};

/// The Fourier transform of n bits, taken as +1 and -1, in single or double precision, for even n whose half has no
/// prime factor above 5: Stockham's transform in two steps (Bailey, "FFTs in external or hierarchical memory", 1990),
/// eight columns at a time.
template <typename Real>
class SmoothSpectrum {
 public:
  /// Prepares tables. Several threads may count with one of them.
  explicit SmoothSpectrum(std::size_t n);
  ~SmoothSpectrum();
  SmoothSpectrum(const SmoothSpectrum&) = delete;
  SmoothSpectrum& operator=(const SmoothSpectrum&) = delete;

  /// `bits` has n of them; first <= second.
  [[nodiscard]] SpectralCount count(const BitString& bits, double first, double second) const;

 private:
  std::unique_ptr<const SpectrumTables<Real>> tables_;
};

extern template class SmoothSpectrum<float>;
extern template class SmoothSpectrum<double>;

}  // namespace lightseed::stats
