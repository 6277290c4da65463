// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>

namespace lightseed::health {

/// Cut-offs of the SP 800-90B health tests, computed from a min-entropy claim and a false-alarm rate.

/// Repetition count test, 4.4.1: C = 1 + ceil(-log2(alpha) / H).
/// `min_entropy` H in bits per sample, above 0 and up to 16; `alpha_log2` the false-alarm rate's logarithm, e.g. -30.
/// Throws Error(usage) outside these ranges, and for a claim so low that C has more than 52 bits.
std::uint64_t repetition_count_cutoff(double min_entropy, double alpha_log2);

/// log2 of the rate a sample, at most, at which a source of H bits a sample repeats a value `cutoff` times: -H (C - 1).
double repetition_count_rate_log2(std::uint64_t cutoff, double min_entropy) noexcept;

/// Adaptive proportion test, 4.4.2: C = 1 + critbinom(W, 2^-H, 1 - alpha), critbinom being the smallest k
/// with P(Binomial(W, 2^-H) <= k) >= 1 - alpha. Ranges as above; `window` W in samples, >= 1.
/// C = W + 1 means that the test can never fail.
std::uint32_t adaptive_proportion_cutoff(std::uint32_t window, double min_entropy, double alpha_log2);

/// log2 of the true rate a window at which a source of H bits a sample reaches `cutoff`: P(Binomial(W - 1, 2^-H) >=
/// C - 1), since the first sample of a window counts itself. NIST's formula for the cut-off does not count it, so this
/// rate is above alpha: by up to 323 times for alpha = 2^-30. Nothing when the cut-off is above the window.
std::optional<double> adaptive_proportion_rate_log2(std::uint32_t window, std::uint32_t cutoff, double min_entropy);

/// The window 4.4.2 asks for: 1024 samples of a binary source, 512 of any other.
constexpr std::uint32_t adaptive_proportion_window(unsigned bits_per_sample) noexcept {
  return bits_per_sample == 1 ? 1024 : 512;
}

}  // namespace lightseed::health
