// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "stats/input/bit_string.h"

namespace lightseed::stats {

/// Samples as the estimators of 6.3 want them: symbols numbered from zero without gaps, and the bit string.
class Samples {
 public:
  /// One sample a byte, `width` (1–8) bits each. Throws Error(usage) when a sample is wider than that,
  /// Error(not_enough_data) when there is none.
  Samples(std::span<const std::uint8_t> raw, unsigned width);

  [[nodiscard]] unsigned width() const noexcept { return width_; }        ///< bits a sample, as declared
  [[nodiscard]] unsigned alphabet() const noexcept { return alphabet_; }  ///< distinct symbols that came
  [[nodiscard]] std::size_t size() const noexcept { return symbols_.size(); }

  /// The symbols in their order, renumbered 0 … alphabet-1 by value.
  [[nodiscard]] std::span<const std::uint8_t> symbols() const noexcept { return symbols_; }

  /// The raw samples' bits, `width` each, most significant first.
  [[nodiscard]] const BitString& bit_string() const noexcept { return *bits_; }

  /// The symbols of a binary alphabet as bits; the same as bit_string() for one-bit samples.
  [[nodiscard]] const BitString& binary() const noexcept { return *binary_; }

 private:
  unsigned width_;
  unsigned alphabet_ = 0;
  std::vector<std::uint8_t> symbols_;
  std::shared_ptr<const BitString> bits_;
  std::shared_ptr<const BitString> binary_;  ///< only for an alphabet of one or two
};

}  // namespace lightseed::stats
