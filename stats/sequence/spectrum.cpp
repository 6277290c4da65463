// SPDX-License-Identifier: Apache-2.0
#include "stats/sequence/spectrum.h"

#include <cmath>
#include <complex>
#include <utility>
#include <vector>

#include "stats/sequence/batch_fft.h"
#include "stats/sequence/coefficient.h"
#include "stats/sequence/plain_fft.h"

namespace lightseed::stats {
namespace {

/// Above this, coefficients that single precision leaves in doubt become too many to be looked at one by one.
constexpr std::size_t longest_in_single = 1U << 22;

/// How far a squared magnitude of single precision is trusted, as a part of the threshold. Measured at a million bits,
/// no error near a threshold comes to an eighth of it (tests/stats/sp800_22/spectrum_test.cpp).
constexpr double doubt = 0x1p-17;

/// Rounding errors grow with the largest coefficient. Of random bits none has a squared magnitude above 64 n, but for
/// one sequence in 10^22 of a million bits; others are counted in double precision.
constexpr double largest_in_single = 64;

/// No more coefficients than this are looked at one by one.
constexpr std::size_t most_in_doubt = 32;

/// By convolution (Bluestein, 1970), for lengths that nobody tests in bulk.
std::uint64_t below_by_convolution(const BitString& bits, double threshold) {
  const std::size_t n = bits.size();
  std::size_t room = 1;
  while (room < 2 * n)
    room *= 2;
  std::vector<std::complex<double>> chirp(n);
  for (std::size_t k = 0; k < n; ++k) {
    const Complex<double> root = root_of_unity(k * k % (2 * n), 2 * n);  // k < 2^32
    chirp[k] = {root.re, root.im};
  }
  std::vector<std::complex<double>> a(room);
  std::vector<std::complex<double>> b(room);
  for (std::size_t k = 0; k < n; ++k) {
    a[k] = sign_of(bits[k]) * chirp[k];
    b[k] = std::conj(chirp[k]);
    if (k > 0) b[room - k] = b[k];
  }
  a = plain_fft(std::move(a), false);
  b = plain_fft(std::move(b), false);
  for (std::size_t k = 0; k < room; ++k)
    a[k] *= b[k];
  a = plain_fft(std::move(a), true);
  std::uint64_t count = 0;
  const double scale = 1 / static_cast<double>(room);
  for (std::size_t k = 0; k < n / 2; ++k)
    count += std::norm(a[k] * scale) < threshold ? 1 : 0;
  return count;
}

}  // namespace

Spectrum::Spectrum(std::size_t n)
    : n_(n),
      smooth_(n % 2 == 0 && is_smooth(n / 2)),
      single_(smooth_ && n <= longest_in_single ? std::make_unique<SmoothSpectrum<float>>(n) : nullptr) {}
Spectrum::~Spectrum() = default;

std::uint64_t Spectrum::below(const BitString& bits, double threshold) const {
  if (!smooth_) return below_by_convolution(bits, threshold);
  if (single_ != nullptr) {
    const SpectralCount found = single_->count(bits, threshold * (1 - doubt), threshold * (1 + doubt));
    if (found.largest < largest_in_single * static_cast<double>(n_) && found.between.size() <= most_in_doubt) {
      std::uint64_t below = found.below;
      for (const std::size_t j : found.between)
        below += squared_coefficient(bits, j) < threshold ? 1 : 0;
      return below;
    }
  }
  std::call_once(double_made_, [&] { double_ = std::make_unique<SmoothSpectrum<double>>(n_); });
  return double_->count(bits, threshold, threshold).below;
}

}  // namespace lightseed::stats
