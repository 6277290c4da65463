// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace lightseed::health {

/// What a person looks at to see how a source is: numbers of one stretch of its samples. They are descriptions; what
/// decides are the health tests.
struct Portrait {
  std::uint64_t samples = 0;
  double mean = 0;
  double variance = 0;
  /// -log2 of the share of the commonest code: what a test of the codes sees, and no claim.
  double min_entropy = 0;
  std::vector<std::uint64_t> histogram{};  ///< codes in so many equal ranges: 2^bits, at most 64
  std::vector<double> correlation{};  ///< lags 1 to 32; empty for constant samples and stretches below 1,024 samples
  /// Power in 64 equal bands from 0 to half the sampling rate, in dB relative to white noise of the same variance, by a
  /// Hann window over 4,096 samples; empty below 65,536 samples.
  std::vector<double> spectrum{};
};

/// Of samples of `bits` bits, at least one.
Portrait portrait_of(std::span<const std::uint16_t> samples, unsigned bits);

}  // namespace lightseed::health
