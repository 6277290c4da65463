// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <vector>

namespace lightseed::simulated {

/// One attenuated pulse a gate, a beam splitter, and a single-photon detector behind each port (the scheme of Stefanov
/// et al., J. Mod. Opt. 47, 595 (2000)). Splitting a Poisson beam gives independent Poisson numbers of photons:
///
///   n_k ~ Poisson(lambda_k),  lambda_0 = mu T eta_0,  lambda_1 = mu (1-T) eta_1
///
/// A live detector clicks for a photon, a dark count (mean d a gate) or an afterpulse. After a click it is dead for K
/// gates; with probability p_a a carrier is trapped, which a live detector releases with an exponential delay: a click
/// out of nothing. A gate with exactly one click yields a bit, the number of the detector; all other gates yield none.
///
/// The adversary sees both detectors' states (dead gates left, trapped carriers) before each gate, and knows every bit
/// in whose gate a dark count or an afterpulse took part. The states form a Markov chain; its stationary law gives
///
///   p_guess = sum_s pi(s) [ C(s) + max_x Q_x(s) ] / sum_s pi(s) V(s)
///
/// with Q_x the probability of bit x from photons alone, C that of a known bit, V = C + Q_0 + Q_1. He is not granted
/// the times of later bits, which would tell of this one where dead times or detectors differ.
struct WhichPathModel {
  double photons = 0.2;  ///< mu, mean photons a gate before the splitter
  double split = 0.5;    ///< T, the share that goes to detector 0
  std::array<double, 2> efficiency{0.2, 0.21};
  double dark = 1e-5;           ///< d, mean dark counts a gate and detector
  unsigned dead = 0;            ///< K, gates
  bool dead_both = false;       ///< a click of one detector blocks both
  double afterpulse = 0.017;    ///< p_a
  double afterpulse_gates = 1;  ///< mean delay of an afterpulse, in gates

  struct Numbers {
    double marginal;
    double average_conditional;
    double worst_conditional;
    /// Bits a bit of a long run: less than the average where easy bits come together. With memory, this is what holds.
    double run_conditional;
    double bits_a_gate;
    double one;  ///< probability of bit 1
  };
  [[nodiscard]] Numbers numbers() const;

  /// Mean photons detected a gate: lambda_k.
  [[nodiscard]] double mean(std::size_t detector) const noexcept;
  /// Probability that a trapped carrier is released in a gate.
  [[nodiscard]] double release() const noexcept;
  /// Bits depend on nothing but their own gate.
  [[nodiscard]] bool memoryless() const noexcept { return afterpulse <= 0 && (dead == 0 || dead_both); }
};

}  // namespace lightseed::simulated
