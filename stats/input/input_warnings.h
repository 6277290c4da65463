// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "core/sample_format.h"
#include "stats/input/histogram.h"

namespace lightseed::stats {

/// Watches input go by for the mistakes that people make most.
class Suspicions {
 public:
  void see_bytes(std::span<const std::byte> bytes);
  void see_symbols(std::span<const std::uint8_t> symbols);

  /// What looks like a mistake, a sentence each; `width` bits a symbol.
  [[nodiscard]] std::vector<std::string> words(const SampleFormat& format, unsigned width) const;

 private:
  bool all_flags_ = true;   ///< every byte is 0 or 1
  bool all_digits_ = true;  ///< every byte is '0', '1' or the end of a line
  Histogram counts_{};
  std::uint64_t samples_ = 0;
};

}  // namespace lightseed::stats
