// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "driver/simulated/frame/converter.h"
#include "driver/simulated/frame/photon_model.h"

namespace lightseed::simulated {

/// Amplified spontaneous emission on a fast photodiode (Williams et al., Opt. Express 18, 23584 (2010)): the intensity
/// of M modes follows Gamma(M, mean 1/M each); the unit is the mean intensity. M is about polarisations times optical
/// over electrical bandwidth. The receiver adds E ~ N(0, s_n^2), which the adversary knows. Samples are taken slower
/// than the electrical bandwidth, so that they are independent.
///
/// This is a trusted thermal source: an adversary who holds what purifies the light is not covered.
struct AseModel {
  unsigned modes = 4;   ///< M
  double range = 0;     ///< of the converter, in mean intensities; 0: 1 + 5 / sqrt(M)
  double noise = 0.01;  ///< s_n
  double offset = 0;
  unsigned bits = 8;
  double bound = 6;  ///< the worst case is taken over this many standard deviations of E

  [[nodiscard]] ConvertedSignal signal() const;
};

/// `sim:ase?modes=4`: codes of AseModel.
ModelKind ase_kind();

}  // namespace lightseed::simulated
