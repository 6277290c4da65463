// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <complex>
#include <vector>

namespace lightseed::stats {

/// Discrete Fourier transform of 2^k numbers by radix 2, one at a time and not fast: X[j] = sum of x[t] exp(-2 pi i j t
/// / n), or with +2 pi i where `inverse`, not divided by n.
std::vector<std::complex<double>> plain_fft(std::vector<std::complex<double>> x, bool inverse = false);

}  // namespace lightseed::stats
