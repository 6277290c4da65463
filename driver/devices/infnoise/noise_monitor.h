#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/json.h"

namespace lightseed::infnoise {

/// Samples of one round: what the chip read at its pins for each byte written. Even samples carry comparator 1 (D1),
/// odd ones comparator 2 (D4).
constexpr std::size_t round_samples = 512;

/// The raw bits of a round, most significant first: samples.size() is a multiple of 8, out.size() an eighth of it.
void raw_bits(std::span<const std::byte> samples, std::span<std::byte> out);

/// Watches the loop of a modular entropy multiplier, A' = K A or K A - (K - 1) plus noise, from the bits it gives.
///
/// A loop of gain K makes log2 K bits of entropy with each bit, whatever its noise. The monitor predicts every bit from
/// the 14 before it and adds up the surprise, -log2 p: that is the loop's entropy as far as 14 bits of memory see it,
/// and 2 to the power of it is the gain. A gain more than 3 % of log2 K off, a comparator that moves out of turn or
/// more than 20 equal bits in a row mean that the bits are not the noise we think.
///
/// The two halves of the loop have tables of their own. A prediction from 14 bits begins as the one from 6, and counts
/// as 16 observations of it: contexts seen for the first time would else look like entropy (a fifth too much after
/// 80,000 bits).
class NoiseMonitor {
 public:
  static constexpr double gain = 1.84;       ///< K, by the multiplier's resistors
  static constexpr double tolerance = 1.03;  ///< of log2 K, both ways
  /// What this estimate reads above log2 K for a loop that is well: 14 bits of memory do not see all there is to
  /// predict. Measured on the model; the window is centred on it.
  static constexpr double excess = 0.009;
  static constexpr std::uint64_t warm_up_bits = 80'000;  ///< before which nothing is good
  static constexpr unsigned longest_run = 20;            ///< equal bits in a row
  static constexpr double most_misfires = 0.05;          ///< of the samples

  NoiseMonitor();

  /// Looks at one round, round_samples of them. True when the round itself is good: enough entropy, comparators in
  /// turn.
  [[nodiscard]] bool feed(std::span<const std::byte> samples);

  /// Enough has been seen for an opinion.
  [[nodiscard]] bool warm() const noexcept { return bits_ >= warm_up_bits; }

  /// What is wrong with the device, in words; nothing when it is well, or when it is too early to say.
  [[nodiscard]] std::optional<std::string> fault() const;

  /// Entropy per bit over the last 80,000 to 160,000 bits.
  [[nodiscard]] double entropy() const noexcept { return surprise_ / weight_; }

  /// `{"bits":…,"gain":…,"entropy_per_bit":…,"misfires":…,"longest_run":…}`
  [[nodiscard]] Json evidence() const;

 private:
  using Counts = std::array<std::uint16_t, 2>;

  std::vector<Counts> long_, short_;  ///< by phase and the bits before
  unsigned history_ = 0;
  std::uint64_t bits_ = 0, misfires_ = 0;
  double surprise_ = 0, weight_ = 0, recent_misfires_ = 0;
  unsigned run_ = 0, worst_run_ = 0;
  bool last_ = false;
  std::optional<std::byte> last_sample_;

  double predict_and_learn(unsigned phase, bool bit);
};

}  // namespace lightseed::infnoise
