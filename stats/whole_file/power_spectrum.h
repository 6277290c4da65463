// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace lightseed::stats {

/// Frequencies at which power is estimated: 0, 1/1024, …, 1/2 cycles a bit.
inline constexpr std::size_t power_spectrum_points = 513;

struct PowerSpectrum {
  std::vector<double> power{};      ///< 1 everywhere for independent fair bits
  std::vector<double> deviation{};  ///< standard deviation of `power` for those
};

/// Power of bits taken as 1 and -1, from their correlations at the distances 1, 2, …, each of so many pairs (> 0):
/// Blackman and Tukey, "The Measurement of Power Spectra" (1958), with Parzen's window, so that no power is below 0 but
/// for correlations of few pairs. A period in the bits is a peak; a bias is one at frequency 0.
PowerSpectrum power_spectrum_of(std::span<const double> correlations, std::uint64_t pairs);

}  // namespace lightseed::stats
