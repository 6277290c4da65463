// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace lightseed {

/// Checks what can be seen of a seed string of `bits` bits: the exact number of words (Error(usage)) and, from
/// 64 bits on, that it is not all zero (Error(refused)): a uniform seed is so with a chance of 2^-bits.
void require_seed(std::string_view extractor, std::span<const std::uint64_t> seed, std::size_t bits);

/// Notices when a seed was cut out of the very data it is used on: then the two are not independent and no promise
/// holds. Seeds shorter than 32 bytes are not watched for: they may turn up by chance or as a pattern.
class SeedWatch {
 public:
  explicit SeedWatch(std::span<const std::byte> seed);

  /// The next part of the raw data. Throws Error(refused) when the seed's first 32 bytes lie in them, across parts too.
  void look(std::span<const std::byte> raw);

 private:
  static constexpr std::size_t length = 32;
  std::vector<std::byte> needle_;
  std::vector<std::byte> seam_;  ///< the end of the part before, and then the beginning of this one
  std::uint64_t offset_ = 0;

  void search(std::span<const std::byte> raw, std::uint64_t offset) const;
};

}  // namespace lightseed
