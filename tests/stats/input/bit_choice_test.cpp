// SPDX-License-Identifier: Apache-2.0
#include "stats/input/bit_choice.h"

#include <catch2/catch.hpp>

#include "tests/stats/sp800_90b/generators.h"

using namespace lightseed::stats;
using lightseed::sp800_90b::Random;

namespace {

/// Sum of twelve uniform numbers: nearly normal, with a standard deviation of `scale`.
int bell(Random& random, int scale) {
  int sum = 0;
  for (int i = 0; i < 12; ++i)
    sum += static_cast<int>(random.below(static_cast<std::uint32_t>(scale)));
  return sum - 6 * scale;
}

}  // namespace

TEST_CASE("bits to keep: copies of the sign count once") {
  Random random(1);
  std::vector<std::uint32_t> samples;
  for (int i = 0; i < 300'000; ++i)
    samples.push_back(static_cast<std::uint32_t>(bell(random, 250)) & 0xFFFF);
  const BitChoice choice = choose_bits(samples, 16, false);
  CHECK(choice.kept.size() == 8);
  CHECK(choice.kept.front() >= 10);  // the sign, or one of its copies
  CHECK(choice.kept[1] <= 9);
  REQUIRE(choice.copies.size() >= 4);
  CHECK(choice.copies.front().of == choice.kept.front());
  CHECK(words_of(choice, 16).find("repeat bit 15") != std::string::npos);
}

TEST_CASE("bits to keep: fewer than eight where fewer say something, eight where a record needs them") {
  Random random(2);
  std::vector<std::uint32_t> samples;
  for (int i = 0; i < 20'000; ++i) {
    const auto low = static_cast<std::uint32_t>(random() & 7);
    samples.push_back(low | (low & 1) << 9 | 1U << 11);
  }
  const BitChoice few = choose_bits(samples, 12, false);
  CHECK(few.kept == std::vector<unsigned>{9, 2, 1});
  CHECK(few.copies.size() == 1);
  CHECK(few.constant == std::vector<unsigned>{11, 10, 8, 7, 6, 5, 4, 3});
  CHECK(words_of(few, 12) == "of 12 bits 9,2,1 are assessed; 0 repeats bit 9; 11, 10, 8 to 3 never change");
  CHECK(choose_bits(samples, 12, true).kept.size() == 8);
  const std::vector<std::uint32_t> same(100, 5);
  CHECK(choose_bits(same, 12, false).kept.size() == 8);
}

TEST_CASE("bits to keep: of equally good ones the most significant, on few samples and on many") {
  for (const int count : {1'000, 50'000, 400'000}) {
    Random random(3);
    std::vector<std::uint32_t> samples;
    for (int i = 0; i < count; ++i)
      samples.push_back(static_cast<std::uint32_t>(random() & 0xFFF));
    CHECK(choose_bits(samples, 12, false).kept == std::vector<unsigned>{11, 10, 9, 8, 7, 6, 5, 4});
  }
}
