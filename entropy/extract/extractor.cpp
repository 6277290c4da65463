// SPDX-License-Identifier: Apache-2.0
#include "entropy/extract/extractor.h"

#include "core/bits.h"
#include "core/error.h"

namespace lightseed {

void Extractor::extract_blocks(std::span<const std::uint64_t> input, std::span<std::uint64_t> output,
                               std::size_t blocks) const {
  const std::size_t in = words_for(shape().input_bits);
  const std::size_t out = words_for(shape().output_bits);
  for (std::size_t b = 0; b < blocks; ++b)
    extract(input.subspan(b * in, in), output.subspan(b * out, out));
}

void Extractor::mask(std::span<const std::uint64_t>, std::span<std::uint64_t>) const {
  throw Error(Category::internal, std::string(name()) + " has no stream form");
}

}  // namespace lightseed
