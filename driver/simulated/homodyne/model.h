#pragma once

#include <array>

namespace lightseed::simulated {

/// Vacuum fluctuations measured by balanced homodyne detection (Haw et al., Phys. Rev. Applied 3, 054004 (2015),
/// arXiv:1411.4512).
///
/// The signal M = Q + E: quantum noise Q ~ N(0, 1), whose standard deviation is the unit of everything here, and
/// classical noise E ~ N(0, s_E^2), which an adversary is taken to know. An 8-bit converter with steps d = R/128
/// covers [-R + d/2, R - 3d/2]; its end codes catch all overflow. Codes are stored as code + 128.
struct HomodyneModel {
  double qcnr_db = 10;     ///< quantum to classical noise ratio, 10 log10(1 / s_E^2), in dB
  double range = 3.881;    ///< R, half the converter's range
  double offset = 0;       ///< constant offset before the converter
  double noise_bound = 5;  ///< k: the worst case is taken over |E| <= k s_E

  /// s_E.
  [[nodiscard]] double classical_deviation() const noexcept;

  /// Bits a sample an adversary who knows E cannot guess, for the worst E within the bound: what may be claimed.
  [[nodiscard]] double worst_case_min_entropy() const noexcept;

  /// Bits a sample of the codes alone: what a test of the output can see, always more than may be claimed.
  [[nodiscard]] double marginal_min_entropy() const;

  /// Probability of each stored code.
  [[nodiscard]] std::array<double, 256> code_probabilities() const;
};

}  // namespace lightseed::simulated
