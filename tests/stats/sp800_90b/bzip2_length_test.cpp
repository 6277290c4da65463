// SPDX-License-Identifier: Apache-2.0
#include "stats/sp800_90b/iid/bzip2_length.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <vector>

#include "stats/sp800_90b/iid/decimal_text.h"
#include "tests/stats/sp800_90b/generators.h"

using namespace lightseed::sp800_90b;

namespace {

using Bytes = std::vector<std::uint8_t>;

Bytes uniform_bytes(Random& random, std::size_t samples, std::uint32_t values, std::uint32_t least = 0) {
  Bytes data(samples);
  for (auto& x : data)
    x = static_cast<std::uint8_t>(least + random.below(values));
  return data;
}

void check(const Bytes& data) {
  CHECK(bzip2_length(data) == bzip2_length_by_library(data));
}

/// Whether every block of the data went the fast way.
bool all_fast(const Bytes& data, std::size_t size) {
  DecimalText text(data);
  DecimalText::Block block;
  while (text.next(size, block)) {
    if (block.last.empty()) return false;
  }
  return true;
}

}  // namespace

TEST_CASE("bzip2's length: the standard's example, and texts of a few numbers") {
  CHECK(bzip2_length(Bytes{144, 21, 139, 0, 0, 15}) == 49);  // 5.1.11
  Random random(1);
  for (std::size_t samples = 1; samples < 400; ++samples) {
    CAPTURE(samples);
    check(uniform_bytes(random, samples, 256));
    check(uniform_bytes(random, samples, 2));
  }
}

TEST_CASE("bzip2's length: every alphabet, skewed and even") {
  Random random(2);
  for (const std::uint32_t values : {1U, 2U, 3U, 7U, 10U, 11U, 16U, 99U, 200U, 256U}) {
    for (const std::size_t samples : {1000U, 20'000U}) {
      CAPTURE(values, samples);
      check(uniform_bytes(random, samples, values));
      check(uniform_bytes(random, samples, std::min(values, 10U), 246));  // three digits each
      Bytes skewed = uniform_bytes(random, samples, values);
      for (auto& x : skewed) {
        if (random.per_mille(950)) x = static_cast<std::uint8_t>(values - 1);
      }
      check(skewed);
    }
  }
}

TEST_CASE("bzip2's length: several blocks, cut inside numbers and between them") {
  Random random(3);
  // Text of about 500000 characters and a little more: the second block is as short as blocks get, and the first ends
  // at every character a number has.
  Bytes data = uniform_bytes(random, 140'300, 256);
  std::size_t length = 0;
  std::size_t samples = 0;
  for (; length < 499'981 - 12; ++samples)
    length += data[samples] < 10 ? 2 : data[samples] < 100 ? 3 : 4;
  for (std::size_t more = 0; more < 40; ++more) {
    CAPTURE(more);
    data[samples + more] = static_cast<std::uint8_t>(random.below(256));
    check(Bytes(data.begin(), data.begin() + static_cast<std::ptrdiff_t>(samples + more)));
  }
  check(uniform_bytes(random, 400'000, 256));
  check(uniform_bytes(random, 600'000, 2));
  // Numbers of equal digits, which bzip2 never parts.
  const std::array<std::uint8_t, 6> equal{11, 111, 222, 22, 0, 99};
  for (unsigned shift = 0; shift < 12; ++shift) {
    Bytes runs(150'000);
    for (auto& x : runs)
      x = equal[random.below(6)];
    std::fill_n(runs.begin(), shift, std::uint8_t{0});
    check(runs);
  }
}

TEST_CASE("bzip2's length: data that repeat") {
  Random random(4);
  const Bytes once = uniform_bytes(random, 300, 256);
  Bytes data;
  while (data.size() < 30'000)
    data.insert(data.end(), once.begin(), once.end());
  check(data);
  data[17'000] ^= 1;
  check(data);
  check(Bytes(300'000, 7));  // too much alike for the fast way
  CHECK_FALSE(all_fast(Bytes(300'000, 7), 499'981));
  Bytes steps(250'000);
  for (std::size_t i = 0; i < steps.size(); ++i)
    steps[i] = static_cast<std::uint8_t>(i / 1000);
  check(steps);
}

TEST_CASE("bzip2's length: the fast way is the one that is taken") {
  Random random(5);
  CHECK(all_fast(uniform_bytes(random, 300'000, 256), 499'981));
  CHECK(all_fast(uniform_bytes(random, 300'000, 2), 499'981));
}

TEST_CASE("bzip2's length: the deepest trees") {
  // Fibonacci frequencies make them.
  Bytes data;
  std::size_t a = 1;
  std::size_t b = 1;
  for (std::uint8_t digit = 0; digit < 10 && data.size() < 400'000; ++digit) {
    data.insert(data.end(), std::min<std::size_t>(a * a, 100'000), digit);
    a = std::exchange(b, a + b);
  }
  Random random(6);
  for (std::size_t i = data.size(); i > 1; --i)
    std::swap(data[i - 1], data[random.below(static_cast<std::uint32_t>(i))]);
  check(data);
}
