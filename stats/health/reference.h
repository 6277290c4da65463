// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace lightseed::health {

/// What a healthy source's samples look like: from its model's own law, or measured on samples known to be healthy
/// (measured_reference.h). Monitors take their limits from it.
struct Reference {
  std::vector<double> law;  ///< probabilities of the codes 0 to 2^bits - 1
  double claim = 0;         ///< min-entropy, bits a sample, > 0
  /// Samples that law, memory, correlation and spectrum were measured on; 0: they are the model's, and exact.
  double measured_on = 0;
  /// How many times larger the variance of a block's sum is than that of independent samples; at least 1.
  double memory = 1;
  std::vector<double> correlation{};  ///< of lags 1 to 32; empty: samples are independent
  std::vector<double> spectrum{};     ///< power at frequencies k / 4096, k = 0 to 2048, mean 1; empty: flat
  /// Where samples come from pixels in turn: the share of the variance that is between pixels, and how many there are.
  double uneven = 0;
  std::uint64_t pixels = 0;
};

/// Samples that a monitor judges at a time.
inline constexpr std::size_t monitor_block = 65536;
inline constexpr std::size_t monitor_lags = 32;
inline constexpr std::size_t monitor_segment = 4096;  ///< samples of one Fourier transform

struct Range {
  double low;
  double high;
};

double mean_of(const Reference& reference);
double variance_of(const Reference& reference);

/// Where the mean of values[code] over a block of a healthy source lies, but for a probability of 2^alpha_log2: the
/// bound of Chernoff, from the law itself, so that it holds in the tails too. Samples with memory count as fewer
/// independent ones; a law that was measured is allowed 8 standard deviations of its own error.
Range block_range(const Reference& reference, std::span<const double> values, double alpha_log2);

/// The same for the share of samples of which something is true that has probability p.
Range share_range(const Reference& reference, double p, double alpha_log2);

}  // namespace lightseed::health
