// SPDX-License-Identifier: Apache-2.0
#include "core/bits.h"

#include <array>
#include <catch2/catch.hpp>
#include <random>
#include <vector>

using namespace lightseed;

TEST_CASE("copying and xoring bits agree with a loop over single bits") {
  std::mt19937_64 random(1);
  for (int round = 0; round < 2000; ++round) {
    std::vector<std::uint64_t> in(6);
    std::vector<std::uint64_t> out(6);
    for (auto& word : in)
      word = random();
    for (auto& word : out)
      word = random();
    const std::size_t count = random() % 257;
    const std::size_t from = random() % (384 - count + 1);
    const std::size_t to = random() % (384 - count + 1);
    auto copied = out;
    auto xored = out;
    for (std::size_t i = 0; i < count; ++i) {
      set_bit(copied, to + i, get_bit(in, from + i));
      set_bit(xored, to + i, get_bit(in, from + i) != get_bit(out, to + i));
    }
    auto fast_copy = out;
    copy_bits(in, from, fast_copy, to, count);
    auto fast_xor = out;
    xor_bits(in, from, fast_xor, to, count);
    REQUIRE(fast_copy == copied);
    REQUIRE(fast_xor == xored);
  }
}

TEST_CASE("bit i of bytes is bit i of the words") {
  const std::array<std::byte, 9> bytes{std::byte{0x01}, std::byte{0x80}, {}, {}, {}, {}, {}, {}, std::byte{0xFF}};
  std::array<std::uint64_t, 2> words{~0ULL, ~0ULL};
  words_from_bytes(bytes, words);
  CHECK(words[0] == 0x8001);
  CHECK(words[1] == 0xFF);
  std::array<std::byte, 9> back{};
  bytes_from_words(words, back);
  CHECK(back == bytes);
}
