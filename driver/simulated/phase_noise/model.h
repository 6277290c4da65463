// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "driver/simulated/frame/converter.h"

namespace lightseed::simulated {

/// Laser phase noise behind an unbalanced interferometer: x = V cos(phi_0 + s N(0,1)) + E, in units of half the
/// converter's range, E ~ N(0, s_n^2) the receiver's noise, which the adversary knows.
///
///   pulsed  gain-switched pulses lose their phase below threshold (Jofre et al., Opt. Express 19, 20665 (2011);
///   Abellan
///           et al., Opt. Express 22, 1645 (2014)): s is large, x has nearly the arcsine law, and successive samples
///           are independent. phi_0 drifts, so nothing is claimed of it: the density of the wrapped phase is at most 1
///           + 2 sum exp(-k^2 s^2 / 2) times the uniform one, for every phi_0
///   cw      a continuous laser of linewidth dnu with delay T_d: s^2 = 2 pi dnu T_d, and phi_0 is locked to pi/2 (Qi et
///           al., Opt. Lett. 35, 312 (2010)). Samples are taken T_d apart or further, so that delays do not overlap
struct PhaseNoiseModel {
  bool pulsed = true;
  double visibility = 0.9;     ///< V
  double noise = 0.02;         ///< s_n
  double phase_deviation = 4;  ///< s, radians
  double phase = 0;            ///< phi_0, radians
  double offset = 0;
  unsigned bits = 8;
  double bound = 6;  ///< the worst case is taken over this many standard deviations of E

  /// How much denser than uniform the wrapped phase may be.
  [[nodiscard]] double excess() const;
  /// V cos(phi_0 + s N) before the converter; its CDF is exact.
  [[nodiscard]] ConvertedSignal signal() const;
  /// A pulsed laser's is that of the uniform phase, less the excess.
  [[nodiscard]] ConditionalMinEntropy conditional() const;
};

}  // namespace lightseed::simulated
