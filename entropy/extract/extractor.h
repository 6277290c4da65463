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
  std::size_t seed_bits = 0;    ///< d
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

  /// One block: words_for(n) words in, words_for(m) words out; bits above m in the last word are zero.
  /// Returns the number of bits produced: m, or fewer for an unseeded extractor.
  virtual std::size_t extract(std::span<const std::uint64_t> input, std::span<std::uint64_t> output) const = 0;

 protected:
  Extractor() = default;
  Extractor(const Extractor&) = default;
  Extractor& operator=(const Extractor&) = default;
};

}  // namespace lightseed
