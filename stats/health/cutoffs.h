#pragma once

#include <cstdint>

namespace lightseed::health {

/// Cut-offs of the SP 800-90B health tests, computed from a min-entropy claim and a false-alarm rate.

/// Repetition count test, 4.4.1: C = 1 + ceil(-log2(alpha) / H).
/// `min_entropy` H in bits per sample, > 0; `alpha_log2` the false-alarm rate's logarithm, e.g. -30.
/// Throws Error(usage) outside these ranges.
std::uint32_t repetition_count_cutoff(double min_entropy, double alpha_log2);

/// Adaptive proportion test, 4.4.2: C = 1 + critbinom(W, 2^-H, 1 - alpha), critbinom being the smallest k
/// with P(Binomial(W, 2^-H) <= k) >= 1 - alpha. Ranges as above; `window` W in samples, >= 1.
std::uint32_t adaptive_proportion_cutoff(std::uint32_t window, double min_entropy, double alpha_log2);

/// The window 4.4.2 asks for: 1024 samples of a binary source, 512 of any other.
constexpr std::uint32_t adaptive_proportion_window(unsigned bits_per_sample) noexcept {
  return bits_per_sample == 1 ? 1024 : 512;
}

}  // namespace lightseed::health
