// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

namespace lightseed::simulated {

/// Shot noise of an LED on a CMOS sensor (Sanguinetti et al., Phys. Rev. X 4, 031056 (2014)). A pixel of sensitivity g
/// and dark offset o counts n ~ Poisson(mu g) electrons, of which its well holds so many, and gives the code
///
///   clip(floor(zeta (n + o + r) + offset + 1/2)),   r ~ N(0, s_r^2) the read noise, zeta the gain in codes an electron
///
/// of which some bits may be kept. The adversary knows o, g and r: the quantum part is n alone. For zeta >= 2 the low
/// bits follow from r: they hold nothing, though they look perfect. And what papers quote is often Shannon's entropy,
/// log2(2 pi e mu) / 2; the min-entropy is 0.72 bit lower.
struct PhotonNumberModel {
  double electrons = 410;   ///< mu
  double read_noise = 3.3;  ///< s_r, electrons
  double gain = 1;          ///< zeta
  double offset = 0;        ///< codes
  unsigned bits = 10;       ///< of the converter
  double full_well = 500;   ///< electrons
  unsigned low_bit = 0;     ///< bits kept: from this one on …
  unsigned kept_bits = 10;  ///< … so many
  double bound = 6;         ///< the worst case is taken over this many standard deviations of r

  /// A pixel: its sensitivity relative to the mean, and its dark offset in electrons.
  struct Pixel {
    double sensitivity = 1;
    double dark = 0;
  };

  /// The code of so many electrons with noise; electrons beyond the well are lost.
  [[nodiscard]] unsigned code(double electrons, double noise) const noexcept;
  [[nodiscard]] std::vector<double> law(const Pixel& pixel) const;
  struct Conditional {
    double average;
    double worst;
  };
  /// Bits, given the pixel and r: a bound from below, for between two close values of r the adversary is given the
  /// best.
  [[nodiscard]] Conditional conditional(const Pixel& pixel) const;
};

/// Probabilities of first, first + 1, …: all of Poisson's law but 1e-18.
struct PoissonLaw {
  explicit PoissonLaw(double mean);
  std::size_t first;
  std::vector<double> p;
};

}  // namespace lightseed::simulated
