// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace lightseed::infnoise {

/// Measures the entropy of a modular entropy multiplier, A' = K A or K A - (K - 1) plus noise, from the bits it gives.
///
/// A loop of gain K makes log2 K bits of entropy with each bit, whatever its noise. Every bit is predicted from the 14
/// before it and the surprise added up, -log2 p: that is the loop's entropy as far as 14 bits of memory see it, and 2
/// to the power of it is the gain. A gain more than 3 % of log2 K off, or more than 20 equal bits in a row, mean that
/// the bits are not the noise we think.
///
/// The two halves of the loop have tables of their own. A prediction from 14 bits begins as the one from 6, and counts
/// as 16 observations of it: contexts seen for the first time would else look like entropy (a fifth too much after
/// 80,000 bits).
class LoopEntropy {
 public:
  static constexpr double gain = 1.84;       ///< K, by the multiplier's resistors
  static constexpr double tolerance = 1.03;  ///< of log2 K, both ways
  /// What this estimate reads above log2 K for a loop that is well: 14 bits of memory do not see all there is to
  /// predict. Measured on the model; the window is centred on it.
  static constexpr double excess = 0.009;
  static constexpr std::uint64_t warm_up_bits = 80'000;  ///< before which nothing is good
  static constexpr unsigned longest_run = 20;            ///< equal bits in a row

  LoopEntropy();

  /// Looks at the next bit, of comparator 1 (phase 0) or 2 (phase 1), and learns from it. Its surprise, in bits.
  double observe(unsigned phase, bool bit);

  /// To be called now and then: keeps the measurement to the last 80,000 to 160,000 bits. True when it halved its past.
  bool age() noexcept;

  [[nodiscard]] bool warm() const noexcept { return bits_ >= warm_up_bits; }
  [[nodiscard]] std::uint64_t bits() const noexcept { return bits_; }
  /// Bits that the measurement rests on.
  [[nodiscard]] double weight() const noexcept { return weight_; }
  /// Entropy a bit; weight() must not be 0.
  [[nodiscard]] double entropy() const noexcept { return surprise_ / weight_; }
  [[nodiscard]] unsigned worst_run() const noexcept { return worst_run_; }

  /// What is wrong, in words; a run of equal bits at any time, the gain once it is warm().
  [[nodiscard]] std::optional<std::string> run_fault() const;
  [[nodiscard]] std::optional<std::string> gain_fault() const;

 private:
  using Counts = std::array<std::uint16_t, 2>;

  std::vector<Counts> long_, short_;  ///< by phase and the bits before
  unsigned history_ = 0;
  std::uint64_t bits_ = 0;
  double surprise_ = 0, weight_ = 0;
  unsigned run_ = 0, worst_run_ = 0;
  bool last_ = false;
};

/// Entropy a bit that a loop that is well reads.
double expected_entropy() noexcept;
/// A reading of a loop that may be well: within the tolerance of that.
bool is_expected(double entropy) noexcept;
/// The gain of a loop that reads so much.
double gain_of(double entropy) noexcept;

}  // namespace lightseed::infnoise
