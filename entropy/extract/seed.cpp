// SPDX-License-Identifier: Apache-2.0
#include "entropy/extract/seed.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>

#include "core/bits.h"
#include "core/error.h"

namespace lightseed {

void require_seed(std::string_view extractor, std::span<const std::uint64_t> seed, std::size_t bits) {
  if (seed.size() != words_for(bits)) {
    throw Error(Category::usage, fmt::format("{} needs a seed of {} bits ({} words of 64), not of {} words", extractor,
                                             bits, words_for(bits), seed.size()));
  }
  if (bits >= 64 && std::ranges::all_of(seed, [](std::uint64_t word) { return word == 0; })) {
    throw Error(Category::refused,
                fmt::format("the seed of {} is all zero, which a uniform seed of {} bits is with a chance of 2^-{}; "
                            "give it a seed from a good generator",
                            extractor, bits, bits));
  }
}

SeedWatch::SeedWatch(std::span<const std::byte> seed) {
  if (seed.size() >= length) needle_.assign(seed.begin(), seed.begin() + length);
}

void SeedWatch::search(std::span<const std::byte> raw, std::uint64_t offset) const {
  const void* const found = memmem(raw.data(), raw.size(), needle_.data(), needle_.size());
  if (found == nullptr) return;
  const auto place = static_cast<std::uint64_t>(static_cast<const std::byte*>(found) - raw.data());
  throw Error(
      Category::refused,
      fmt::format("the seed was taken from the data it is used on (its first {} bytes are at byte {} of them); an "
                  "extractor promises nothing then – take a seed from an independent generator",
                  length, offset + place));
}

void SeedWatch::look(std::span<const std::byte> raw) {
  if (needle_.empty()) return;
  const std::size_t before = seam_.size();
  const std::span<const std::byte> head = raw.first(std::min(raw.size(), length - 1));
  seam_.insert(seam_.end(), head.begin(), head.end());
  search(seam_, offset_ - before);
  search(raw, offset_);
  offset_ += raw.size();
  if (raw.size() >= length - 1) seam_.assign(raw.end() - (length - 1), raw.end());
  if (seam_.size() > length - 1) seam_.erase(seam_.begin(), seam_.end() - (length - 1));
}

}  // namespace lightseed
