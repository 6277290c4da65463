// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <catch2/catch.hpp>

#include "core/bits.h"
#include "entropy/extract/extractor.h"
#include "tests/entropy/extract/naive.h"

namespace lightseed::naive {

/// One block through an extractor. The output starts dirty and has a guard word behind it, the input's unused bits are
/// ones: what is not written, written too far or wrongly read shows.
inline Words run(const Extractor& extractor, Words input) {
  const ExtractorShape& shape = extractor.shape();
  if (shape.input_bits % 64 != 0) input.back() |= ~std::uint64_t{0} << shape.input_bits % 64;
  Words output(words_for(shape.output_bits) + 1, 0xdeadbeefdeadbeef);
  const std::size_t bits = extractor.extract(input, std::span(output).first(output.size() - 1));
  if (shape.seed_bits != 0 && bits != shape.output_bits) FAIL("wrong number of bits");
  if (output.back() != 0xdeadbeefdeadbeef) FAIL("wrote past the end");
  output.pop_back();
  return output;
}

/// Several blocks at once give what they give one by one.
inline void check_blocks(const Extractor& extractor, std::mt19937_64& engine, std::size_t blocks) {
  const ExtractorShape& shape = extractor.shape();
  Words input;
  Words expected;
  for (std::size_t b = 0; b < blocks; ++b) {
    const Words block = random_words(engine, shape.input_bits);
    input.insert(input.end(), block.begin(), block.end());
    const Words out = run(extractor, block);
    expected.insert(expected.end(), out.begin(), out.end());
  }
  Words output(expected.size() + 1, 0xdeadbeefdeadbeef);
  extractor.extract_blocks(input, std::span(output).first(expected.size()), blocks);
  CHECK(output.back() == 0xdeadbeefdeadbeef);
  output.pop_back();
  CHECK((output == expected));
}

}  // namespace lightseed::naive
