// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace lightseed {

/// Sizes of an extractor, in bits.
struct ExtractorShape {
  std::size_t input_bits = 0;   ///< n
  std::size_t output_bits = 0;  ///< m; for unseeded extractors the most that can come out
  std::size_t seed_bits = 0;    ///< d, the length of the seed string; 0 for unseeded extractors

  friend bool operator==(const ExtractorShape&, const ExtractorShape&) = default;
};

/// A randomness extractor with its seed inside: n weak bits in, m bits out whose distance from uniform is
/// bounded by the epsilon its plan states.
///
/// Bit strings are 64-bit words, bit i = bit i%64 of word i/64 (core/bits.h). Implementations are immutable
/// after construction, so that many threads may share one and its seed tables.
class Extractor {
 public:
  virtual ~Extractor() = default;

  /// Registered name, e.g. "modified-toeplitz".
  [[nodiscard]] virtual std::string_view name() const noexcept = 0;
  [[nodiscard]] virtual const ExtractorShape& shape() const noexcept = 0;

  /// One block: words_for(n) words in, words_for(m) words out; the two must not overlap. Bits of the last output word
  /// that are not part of the output are zero; bits of the last input word above n are ignored.
  /// Returns the number of bits produced: m, or fewer for an unseeded extractor.
  virtual std::size_t extract(std::span<const std::uint64_t> input, std::span<std::uint64_t> output) const = 0;

  /// `blocks` blocks, each starting at a word of its own: words_for(n) words apart in, words_for(m) words apart out.
  /// For seeded extractors only. The same bits as block by block; some kinds are faster with 64 blocks at once.
  virtual void extract_blocks(std::span<const std::uint64_t> input, std::span<std::uint64_t> output,
                              std::size_t blocks) const;

  /// The stream form (Luan et al., arXiv:2605.09556): where the output is the input's last m bits, masked by the n - m
  /// before them, y = x[n-m..n-1] xor mask(x[0..n-m-1]), this is n - m, and 0 for all other extractors. Whoever has the
  /// mask hands on each of the last bits as it comes.
  [[nodiscard]] virtual std::size_t mask_input_bits() const noexcept { return 0; }

  /// words_for(n-m) words in, the mask's words_for(m) words out; the two must not overlap. Only for extractors with a
  /// stream form: throws Error(internal) for others.
  virtual void mask(std::span<const std::uint64_t> input, std::span<std::uint64_t> output) const;

 protected:
  Extractor() = default;
  Extractor(const Extractor&) = default;
  Extractor& operator=(const Extractor&) = default;
};

}  // namespace lightseed
