#include "entropy/extract/seed.h"

#include <fmt/format.h>

#include <algorithm>

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

}  // namespace lightseed
