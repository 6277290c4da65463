// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "driver/simulated/frame/converter.h"

namespace lightseed::simulated {

/// Vacuum fluctuations measured by balanced homodyne detection (Haw et al., Phys. Rev. Applied 3, 054004 (2015),
/// arXiv:1411.4512).
///
/// The signal M = Q + E: quantum noise Q ~ N(0, 1), whose standard deviation is the unit of everything here, and
/// classical noise E ~ N(0, s_E^2), which an adversary is taken to know. A converter of n bits with steps
/// d = R / 2^(n-1) covers [-R + d/2, R - 3d/2]; its end codes catch all overflow. Codes are stored as code + 2^(n-1).
///
/// A detector of finite bandwidth makes Q an autoregressive process, rho = exp(-2 pi f_3dB / f_s). Of Q only the
/// innovation, of variance 1 - rho^2, is new; the rest is known from the past (Gehring et al., Nat. Commun. 12, 605
/// (2021)), so that the adversary's side information is N(0, s_E^2 + rho^2).
struct HomodyneModel {
  double qcnr_db = 10;     ///< quantum to classical noise ratio, 10 log10(1 / s_E^2), in dB
  double range = 3.881;    ///< R, half the converter's range
  double offset = 0;       ///< constant offset before the converter
  double noise_bound = 6;  ///< k: the worst case is taken over k standard deviations of the side information
  unsigned bits = 8;       ///< n
  double bandwidth = 0;    ///< f_3dB / f_s; 0: unlimited
  double hum = 0;          ///< amplitude of a sine before the converter, whose phase the adversary knows

  /// s_E.
  [[nodiscard]] double classical_deviation() const noexcept;
  /// rho.
  [[nodiscard]] double memory() const noexcept;
  /// Standard deviation of Q given its past, by Levinson's recursion.
  [[nodiscard]] double innovation_deviation() const;
  /// Standard deviation of all that the adversary knows.
  [[nodiscard]] double side_deviation() const;
  [[nodiscard]] Converter converter() const noexcept;

  /// -log2 E_e max_c P(c | e): bits a sample the adversary cannot guess; at the worst phase of the hum.
  [[nodiscard]] double average_min_entropy() const;
  /// The same for the worst side information within the bound.
  [[nodiscard]] double worst_case_min_entropy() const;
  /// Bits a sample of the codes alone: what a test of the output can see, always more than may be claimed.
  [[nodiscard]] double marginal_min_entropy() const;
  /// With memory the average of one sample is not the whole story: a signal beyond the converter tends to stay there.
  /// -log2 of the rate at which the probability of a run of one end code falls; infinite without memory.
  [[nodiscard]] double run_min_entropy() const;

  /// Probability of each stored code, without hum.
  [[nodiscard]] std::vector<double> code_probabilities() const;
};

}  // namespace lightseed::simulated
