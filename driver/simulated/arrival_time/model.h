// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

namespace lightseed::simulated {

/// Arrival times of single photons, measured in steps of a time-to-digital converter. Detections are Poisson of rate L;
/// q = exp(-L tau) is the probability that a step of length tau passes without one. Four ways to make samples of them:
///
///   counter  steps until the next detection, modulo M = 2^n:   p_k = q^k (1 - q) / (1 - q^M)
///   bin      the bin of the first detection within a period T cut into M = 2^n (Nie et al., Appl. Phys. Lett. 104,
///            051110 (2014)); periods without one yield nothing: as above, with q = exp(-L T / M)
///   compare  the longer of two intervals; ties yield nothing (Stipcevic and Rogina, Rev. Sci. Instrum. 78, 045104
///            (2007)):                                          1/2, by exchangeability
///   parity   of the number of detections in a gate of T (Fürst et al., Opt. Express 18, 13029 (2010)):
///                                                              p_even = (1 + exp(-2 L T)) / 2 without dead time
///
/// The counter's clock starts with each detection (restart; the dead time passes first), or runs on (free): then the
/// place of a detection within its step shifts the next count, and neighbours are correlated. The detector's delay
/// jitters, N(0, s_j^2). The converter's steps are uneven: of lengths w_k tau, mean 1.
///
/// The adversary knows the jitter, the places, the steps, and the whole process of dark counts, also of those that
/// come too late. What light leaves open is bounded by one argument: from wherever waiting begins, light is detected in
/// a certain step of length w tau with probability 1 - exp(-l w tau) at most, l its rate, and counted modulo M with
/// at most (1 - exp(-l w tau)) / (1 - exp(-l M tau)).
struct ArrivalTimeModel {
  enum class Encoding : std::uint8_t { counter, bin, compare, parity };

  Encoding encoding = Encoding::counter;
  bool free_running = false;
  double rate = 1;                ///< l, detections of light per microsecond
  double dark = 1e-4;             ///< dark counts, per microsecond
  double step = 4;                ///< tau, ns
  double window = 0.1;            ///< bin, parity: mean detections L T in a period of a detector that is never dead
  unsigned bits = 8;              ///< n; compare and parity have one
  double dead = 45;               ///< ns
  double jitter = 0.35;           ///< s_j, ns
  double bound = 6;               ///< the worst case is taken over this many standard deviations of the jitter
  std::vector<double> weights{};  ///< w_k, 2^n of them; empty: even

  struct Guess {
    double average;  ///< probability that the adversary names a sample
    double worst;    ///< the same for the worst place, and jitter within the bound
  };
  /// Bounds from above.
  [[nodiscard]] Guess guess() const;
  /// Of the samples, with jitter and dead time; of each by itself where they are correlated.
  [[nodiscard]] std::vector<double> law() const;

  [[nodiscard]] unsigned sample_bits() const noexcept;
  /// A period's length, ns.
  [[nodiscard]] double period() const noexcept { return 1e3 * window / (rate + dark); }
  /// tau, or the width of a bin, ns.
  [[nodiscard]] double step_length() const noexcept;
  /// The share of detections that are dark counts.
  [[nodiscard]] double dark_share() const noexcept { return dark / (rate + dark); }
  /// Ends of the steps from 0 to 2^n, in mean steps.
  [[nodiscard]] std::vector<double> edges() const;
  /// P(first detection + jitter <= t steps).
  [[nodiscard]] double arrived(double t, double jitter_steps) const;
  /// P(an even number of detections in a gate), live at its start, at so many detections per microsecond.
  [[nodiscard]] double even(double per_microsecond) const;
  /// What waiting from place u of a step leaves open at rate `mean` a step: probabilities of this step and of the next,
  /// modulo M. They are the likeliest two.
  struct FirstTwo {
    double here;
    double next;
  };
  [[nodiscard]] FirstTwo first_two(double u, double mean) const noexcept;
};

}  // namespace lightseed::simulated
