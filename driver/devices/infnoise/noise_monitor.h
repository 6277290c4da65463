// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "core/json.h"
#include "driver/devices/infnoise/loop_entropy.h"

namespace lightseed::infnoise {

/// Samples of one round: what the chip read at its pins for each byte written. Even samples carry comparator 1 (D1),
/// odd ones comparator 2 (D4).
constexpr std::size_t round_samples = 512;

/// The raw bits of a round, most significant first: samples.size() is a multiple of 8, out.size() an eighth of it.
void raw_bits(std::span<const std::byte> samples, std::span<std::byte> out);

/// Watches an Infinite Noise from what the chip reads at its pins: the entropy of its loop (LoopEntropy), and whether
/// its comparators move in turn. It sees every round, those that are thrown away among them.
class NoiseMonitor {
 public:
  static constexpr double most_misfires = 0.05;  ///< of the samples

  /// Looks at one round, round_samples of them. True when the round itself is good: enough entropy, comparators in
  /// turn.
  [[nodiscard]] bool feed(std::span<const std::byte> samples);

  /// Enough has been seen for an opinion.
  [[nodiscard]] bool warm() const noexcept { return loop_.warm(); }

  /// What is wrong with the device, in words; nothing when it is well, or when it is too early to say.
  [[nodiscard]] std::optional<std::string> fault() const;

  /// Entropy per bit over the last 80,000 to 160,000 bits.
  [[nodiscard]] double entropy() const noexcept { return loop_.entropy(); }

  /// `{"bits":…,"gain":…,"entropy_per_bit":…,"misfires":…,"longest_run":…}`
  [[nodiscard]] Json evidence() const;

 private:
  LoopEntropy loop_;
  std::uint64_t misfires_ = 0;
  double recent_misfires_ = 0;
  std::optional<std::byte> last_sample_;
};

}  // namespace lightseed::infnoise
