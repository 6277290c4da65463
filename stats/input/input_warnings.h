// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
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

  /// What looks like a mistake, a sentence each; `width` bits a symbol. `is_plain`: the bytes were plain samples.
  [[nodiscard]] std::vector<std::string> words(const SampleFormat& format, unsigned width, bool is_plain) const;

 private:
  bool all_flags_ = true;             ///< every byte is 0 or 1
  bool all_digits_ = true;            ///< every byte is '0', '1' or the end of a line
  std::array<Histogram, 2> bytes_{};  ///< of every second byte, from the first and from the second one
  std::uint64_t bytes_seen_ = 0;
  Histogram counts_{};
  std::uint64_t samples_ = 0;

  [[nodiscard]] std::vector<std::string> words_of_bytes(const SampleFormat& format) const;
};

}  // namespace lightseed::stats
